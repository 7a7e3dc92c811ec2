//! All rows of a database, out of one moment of it and into another database. What of them leaves, and in what kind
//! of file, says `exchange::archive`.
//!
//! A row travels as one line of JSON. Names of tables and columns are put into statements by Postgres itself
//! (`format` with `%I` and `regclass`), never here.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{Connection, Executor, Postgres, Transaction};

use super::migrations::MIGRATOR;

/// Which rows of a table, and which columns of them not.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    pub table: &'a str,
    pub without: &'a [&'a str],
    /// Only rows that have one of these words in this column.
    pub only: Option<(&'a str, &'a [&'a str])>,
}

/// What a database holds, as far as it matters to whoever wants to fill it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// No table at all, or a site in which nobody has written yet.
    Empty,
    /// A site with accounts, articles, pictures or comments.
    Site,
    /// Tables of another program.
    Foreign,
}

/// A connection on which everything that is read is of one moment, however long it takes.
pub async fn snapshot(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    let mut tx = pool.begin().await?;
    sqlx::raw_sql(
        "set transaction isolation level repeatable read read only;
         set local statement_timeout = 0;
         set local idle_in_transaction_session_timeout = 0;
         set local timezone = 'UTC'",
    )
    .execute(&mut *tx)
    .await?;
    Ok(tx)
}

/// The migration that the tables are of.
pub async fn version(db: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success")
        .fetch_one(db)
        .await
}

/// The names of all tables, but that of the migrations.
pub async fn tables(db: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar(
        "select tablename::text from pg_tables
         where schemaname = current_schema() and tablename <> '_sqlx_migrations'
         order by tablename collate \"C\"",
    )
    .fetch_all(db)
    .await
}

/// The last number each column of numbers gave out, as (table, number). Numbers that were given out and are not there
/// any more must not be given out again: they stand in addresses.
pub async fn numbers(db: &mut PgConnection) -> sqlx::Result<Vec<(String, i64)>> {
    sqlx::query_as(
        "select t.relname::text, s.last_value
         from pg_sequences s
         join pg_class c on c.relname = s.sequencename and c.relnamespace = current_schema()::regnamespace
         join pg_depend d on d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i'
         join pg_class t on t.oid = d.refobjid
         where s.schemaname = current_schema() and s.last_value is not null
         order by t.relname collate \"C\"",
    )
    .fetch_all(db)
    .await
}

/// The rows, each a line of JSON, ordered by their key: the same rows are the same bytes on every machine.
pub async fn out<'a>(
    db: &'a mut PgConnection,
    selection: Selection<'_>,
) -> sqlx::Result<BoxStream<'a, sqlx::Result<Bytes>>> {
    // As CSV with a quote and a separator that JSON never holds, a line is what it is.
    let statement: String = sqlx::query_scalar(
        r#"select format(
             $$copy (select to_jsonb(t) - %L::text[] from %s t%s order by %s)
               to stdout with (format csv, quote e'\x01', delimiter e'\x02', encoding 'UTF8')$$,
             $2::text[] || array(select attname::text from pg_attribute where attrelid = c.oid and attgenerated <> ''),
             c.oid::regclass,
             case when $3::text is null then '' else format(' where t.%I = any(%L::text[])', $3, $4::text[]) end,
             coalesce((select string_agg(format(case when a.atttypid = 'text'::regtype then 't.%I collate "C"'
                                                     else 't.%I' end, a.attname), ', ' order by k.place)
                       from pg_index i
                       cross join unnest(i.indkey) with ordinality k(attnum, place)
                       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
                       where i.indrelid = c.oid and i.indisprimary),
                      'to_jsonb(t)::text collate "C"'))
           from pg_class c
           where c.relname = $1 and c.relnamespace = current_schema()::regnamespace"#,
    )
    .bind(selection.table)
    .bind(selection.without)
    .bind(selection.only.map(|(column, _)| column))
    .bind(selection.only.map(|(_, words)| words))
    .fetch_one(&mut *db)
    .await?;
    db.copy_out_raw(&statement).await
}

pub async fn filling(db: &mut PgConnection) -> sqlx::Result<Filling> {
    let (tables, ours): (bool, bool) = sqlx::query_as(
        "select exists (select from pg_tables where schemaname = current_schema()),
                to_regclass('_sqlx_migrations') is not null and to_regclass('articles') is not null",
    )
    .fetch_one(&mut *db)
    .await?;
    if !tables {
        return Ok(Filling::Empty);
    }
    if !ours {
        return Ok(Filling::Foreign);
    }
    let written: bool = sqlx::query_scalar(
        "select exists (select from users) or exists (select from articles) or exists (select from media)
             or exists (select from comments)",
    )
    .fetch_one(db)
    .await?;
    Ok(if written { Filling::Site } else { Filling::Empty })
}

/// Whether another program works on this database.
pub async fn is_in_use(db: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "select exists (select from pg_stat_activity
                         where datname = current_database() and application_name = 'broadsheet'
                           and pid <> pg_backend_pid())",
    )
    .fetch_one(db)
    .await
}

/// A database that is being filled: all of it, or nothing, whatever happens to this program.
pub struct Filler {
    tx: Transaction<'static, Postgres>,
}

impl Filler {
    /// Takes away what is there and makes the tables as they were at this migration, which must be known.
    pub async fn begin(pool: &PgPool, version: i64) -> anyhow::Result<Self> {
        let mut tx = pool.begin().await?;
        sqlx::raw_sql(
            "set local statement_timeout = 0;
             set local lock_timeout = 0;
             set local idle_in_transaction_session_timeout = 0;
             set local timezone = 'UTC'",
        )
        .execute(&mut *tx)
        .await?;
        sqlx::raw_sql(CLEAR).execute(&mut *tx).await?;
        MIGRATOR.run_to(version, &mut *tx).await?;
        sqlx::raw_sql(PREPARE).execute(&mut *tx).await?;
        Ok(Self { tx })
    }

    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Whatever a migration put there makes room for what comes.
    pub async fn empty(&mut self, table: &str) -> sqlx::Result<()> {
        sqlx::query("select pg_temp.make_room($1)").bind(table).execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Lines as `out` gave them. Columns in `without` get what a new row has there. Answers how many rows came.
    pub async fn take(&mut self, table: &str, without: &[&str], lines: &[u8]) -> sqlx::Result<i64> {
        let mut copy = self
            .tx
            .copy_in_raw(
                r"copy pg_temp.incoming (line) from stdin
                  with (format csv, quote e'\x01', delimiter e'\x02', encoding 'UTF8')",
            )
            .await?;
        if let Err(error) = copy.send(lines).await {
            copy.abort("the lines end early").await.ok();
            return Err(error);
        }
        copy.finish().await?;
        sqlx::query_scalar("select pg_temp.take_rows($1, $2)")
            .bind(table)
            .bind(without)
            .fetch_one(&mut *self.tx)
            .await
    }

    pub async fn number(&mut self, table: &str, last: i64) -> sqlx::Result<()> {
        sqlx::query("select pg_temp.go_on_after($1, $2)")
            .bind(table)
            .bind(last)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Looks whether every row finds the rows it names, and commits.
    pub async fn finish(mut self) -> sqlx::Result<()> {
        sqlx::raw_sql(FINISH).execute(&mut *self.tx).await?;
        self.tx.commit().await
    }
}

/// What the planner knows of the tables is of before.
pub async fn analyze(pool: &PgPool) -> sqlx::Result<()> {
    let mut connection = pool.acquire().await?.detach();
    connection.execute("set statement_timeout = 0").await?;
    connection.execute("analyze").await?;
    connection.close().await
}

/// Everything that is in the schema and belongs to no extension.
const CLEAR: &str = "
do $clear$
declare
    statements text[];
    statement  text;
begin
    select array_agg(s) into statements from (
        select format('drop %s if exists %I.%I cascade',
                      case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
                      current_schema(), c.relname) as s
        from pg_class c
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
                                                    and d.deptype = 'e')
        union all
        select format('drop routine if exists %I.%I(%s) cascade', current_schema(), p.proname,
                      pg_get_function_identity_arguments(p.oid))
        from pg_proc p
        where p.pronamespace = current_schema()::regnamespace
          and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid
                                                    and d.deptype = 'e')
    ) found;
    foreach statement in array coalesce(statements, '{}') loop
        execute statement;
    end loop;
end
$clear$";

/// Rows come in no order that references would allow, and nothing is to be said about them while they come: the
/// references are checked, and the triggers are on again, at the end.
const PREPARE: &str = "
create temporary table incoming (line jsonb not null) on commit drop;
create temporary table put_back (statement text not null) on commit drop;

insert into put_back
select format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
from pg_constraint
where contype = 'f' and connamespace = current_schema()::regnamespace;

do $prepare$
declare
    statement text;
begin
    for statement in
        select format('alter table %s drop constraint %I', conrelid::regclass, conname)
        from pg_constraint
        where contype = 'f' and connamespace = current_schema()::regnamespace
        union all
        select format('alter table %I disable trigger user', tablename)
        from pg_tables where schemaname = current_schema()
    loop
        execute statement;
    end loop;
end
$prepare$;

create function pg_temp.make_room(of text) returns void language plpgsql as $f$
begin
    execute format('delete from %I.%I', current_schema(), of);
    perform setval(pg_get_serial_sequence(format('%I.%I', current_schema(), of), attname), 1, false)
    from pg_attribute
    where attrelid = format('%I.%I', current_schema(), of)::regclass and attidentity <> '';
end
$f$;

create function pg_temp.take_rows(of text, without text[]) returns bigint language plpgsql as $f$
declare
    tab   regclass := format('%I.%I', current_schema(), of)::regclass;
    names text;
    taken bigint;
begin
    select string_agg(format('%I', attname), ', ' order by attnum) into names
    from pg_attribute
    where attrelid = tab and attnum > 0 and not attisdropped and attgenerated = '' and attname <> all (without);
    execute format(
        'insert into %1$s (%2$s) overriding system value
         select %2$s from (select (jsonb_populate_record(null::%1$s, line)).* from pg_temp.incoming) r',
        tab, names);
    get diagnostics taken = row_count;
    delete from pg_temp.incoming;
    return taken;
end
$f$;

create function pg_temp.go_on_after(of text, last bigint) returns void language sql as $f$
    select setval(pg_get_serial_sequence(format('%I.%I', current_schema(), of), attname), last)
    from pg_attribute
    where attrelid = format('%I.%I', current_schema(), of)::regclass and attidentity <> ''
$f$;
";

const FINISH: &str = "
do $finish$
declare
    step text;
begin
    for step in
        select statement from put_back
        union all
        select format('alter table %I enable trigger user', tablename)
        from pg_tables where schemaname = current_schema()
    loop
        execute step;
    end loop;
end
$finish$;
drop function pg_temp.make_room(text), pg_temp.take_rows(text, text[]), pg_temp.go_on_after(text, bigint);
select pg_notify('broadsheet_pages', 'all')";
