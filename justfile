# What `just` lists. Nothing here is more than a name for a command.

_list:
    @just --list --unsorted

# Run the site; settings as in .env.example
run *ARGS:
    cargo run -- {{ARGS}}

# Run the tests
test *ARGS:
    cargo test {{ARGS}}

# Everything a change must pass
check:
    .ci/run

# Describe the queries anew after a change of SQL or schema
sqlx:
    .ci/sqlx

fmt:
    cargo fmt
