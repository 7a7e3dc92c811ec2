//! Places: where stories happen, for the map.

use sqlx::{PgConnection, PgExecutor};

id!(PlaceId);

#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
pub struct Place {
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// "52.52° N, 13.40° E"
pub fn coordinates(latitude: f64, longitude: f64) -> String {
    let (north, east) = (if latitude < 0.0 { 'S' } else { 'N' }, if longitude < 0.0 { 'W' } else { 'E' });
    format!("{:.2}° {north}, {:.2}° {east}", latitude.abs(), longitude.abs())
}

/// Why a place cannot be placed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("give latitude and longitude: this place is not known yet")]
    Unknown,
    #[error("latitude lies between -90 and 90")]
    Latitude,
    #[error("longitude lies between -180 and 180")]
    Longitude,
}

pub async fn by_id(db: impl PgExecutor<'_>, id: PlaceId) -> sqlx::Result<Option<Place>> {
    sqlx::query_as!(Place, "select name, latitude, longitude from places where id = $1", id as PlaceId)
        .fetch_optional(db)
        .await
}

/// All known places by name, for completion in the form.
pub async fn all(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Place>> {
    sqlx::query_as!(Place, "select name, latitude, longitude from places order by lower(name) limit 5000")
        .fetch_all(db)
        .await
}

/// The places of the newest thousand stories that have one, by name: what a map can be asked for.
pub async fn of_stories(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Place>> {
    sqlx::query_as!(
        Place,
        "select name, latitude, longitude
         from places
         where id in (select place_id
                      from articles
                      where state = 'published' and place_id is not null and publish_at <= now()
                        and (expire_at is null or expire_at > now())
                      order by publish_at desc, id desc
                      limit 1000)
         order by lower(name)"
    )
    .fetch_all(db)
    .await
}

/// The place of this name. Given coordinates are kept for it; without any, the name must be known already.
pub async fn find_or_create(
    db: &mut PgConnection,
    name: &str,
    coordinates: Option<(f64, f64)>,
) -> sqlx::Result<Result<PlaceId, Refused>> {
    let Some((latitude, longitude)) = coordinates else {
        let known = sqlx::query_scalar!(
            r#"select id as "id: PlaceId" from places where lower(name) = lower($1)"#,
            name
        )
        .fetch_optional(db)
        .await?;
        return Ok(known.ok_or(Refused::Unknown));
    };
    if !(-90.0..=90.0).contains(&latitude) {
        return Ok(Err(Refused::Latitude));
    }
    if !(-180.0..=180.0).contains(&longitude) {
        return Ok(Err(Refused::Longitude));
    }
    let id = sqlx::query_scalar!(
        r#"insert into places (name, latitude, longitude) values ($1, $2, $3)
           on conflict (lower(name)) do update set latitude = excluded.latitude, longitude = excluded.longitude
           returning id as "id: PlaceId""#,
        name,
        latitude,
        longitude
    )
    .fetch_one(db)
    .await?;
    Ok(Ok(id))
}

#[cfg(test)]
mod tests {
    use super::coordinates;

    #[test]
    fn coordinates_say_their_side_of_the_world() {
        assert_eq!(coordinates(52.52, 13.405), "52.52° N, 13.40° E");
        assert_eq!(coordinates(-33.45, -70.667), "33.45° S, 70.67° W");
    }
}
