//! Hands a letter to the post. A try that ended after the server had taken the letter sends it again, under the same
//! id.

use crate::queue::Letter;
use crate::web::App;

pub async fn run(app: &App, letter: &Letter) -> anyhow::Result<()> {
    app.post.deliver(letter).await
}
