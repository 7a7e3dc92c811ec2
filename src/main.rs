//! The binary `broadsheet`; everything it does lives in the library.

fn main() -> std::process::ExitCode {
    broadsheet::cli::run()
}
