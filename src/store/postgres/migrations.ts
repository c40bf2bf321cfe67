/**
 * The numbered migrations of the schema, oldest first: forward-only, and never edited after a release.
 *
 * Records are `json` and not `jsonb`: `jsonb` refuses the escape of NUL and sorts keys, so that a record would not come
 * back as it was written.
 */
export const migrations: readonly string[] = [
  `
  create table systemprompt.head (
    id int generated always as identity primary key,
    name text not null unique,
    position bigint not null default 0,
    snapshot_generation bigint not null default 1,
    snapshot_position bigint not null default 0,
    next_number bigint not null default 1,
    created_at timestamptz not null default now()
  );
  create table systemprompt.journal (
    store int not null references systemprompt.head on delete cascade,
    position bigint not null,
    line text not null,
    primary key (store, position)
  );
  create table systemprompt.task (
    store int not null references systemprompt.head on delete cascade,
    id text not null,
    number bigint not null,
    record json not null,
    primary key (store, id),
    constraint task_number unique (store, number) deferrable initially deferred
  );
  create table systemprompt.log_head (
    store int not null references systemprompt.head on delete cascade,
    task text not null,
    next bigint not null default 0,
    archived boolean not null default false,
    primary key (store, task)
  );
  create table systemprompt.log (
    store int not null,
    task text not null,
    start bigint not null,
    count int not null,
    lines text not null,
    primary key (store, task, start),
    foreign key (store, task) references systemprompt.log_head on delete cascade
  );
  create table systemprompt.archive (
    store int not null references systemprompt.head on delete cascade,
    id text not null,
    number bigint not null,
    token text not null default '',
    record json not null,
    primary key (store, id, token)
  );
  create table systemprompt.coordination (
    store int not null references systemprompt.head on delete cascade,
    kind text not null,
    key text not null,
    text text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (store, kind, key)
  );
  create table systemprompt.quarantine (
    store int not null references systemprompt.head on delete cascade,
    id text not null,
    reason text not null,
    record text not null,
    at timestamptz not null default clock_timestamp()
  );

  -- Appends whose writer lost its connection and no longer waits for them.
  create table systemprompt.given_up (
    store int not null references systemprompt.head on delete cascade,
    token text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (store, token)
  );

  -- One transaction for the logs of many tasks. Locks are taken in the order of the tasks, so that callers do not block
  -- each other for good. Row by row, because a join would read the heads of all logs.
  create function systemprompt.append_logs(p_store int, p_tasks text[], p_chunks text[], p_counts int[])
  returns void language plpgsql as $$
  declare
    v_row record;
    v_next bigint;
  begin
    perform set_config('synchronous_commit', 'on', true);
    for v_row in
      select u.task, u.lines, u.count from unnest(p_tasks, p_chunks, p_counts) with ordinality u (task, lines, count, n)
      order by u.task, u.n
    loop
      insert into systemprompt.log_head as h (store, task, next) values (p_store, v_row.task, v_row.count)
        on conflict (store, task) do update set next = h.next + excluded.next returning h.next into v_next;
      insert into systemprompt.log (store, task, start, count, lines)
        values (p_store, v_row.task, v_next - v_row.count, v_row.count, v_row.lines);
      perform pg_notify('systemprompt_' || p_store, 'log:' || v_row.task);
    end loop;
  end $$;

  -- The lock of the head row makes the order of commits the order of positions: no reader skips a slow transaction. It
  -- leaves the key of the row free for the foreign keys of logs.
  --
  -- The entries that report the lines are added in the same transaction if the lines are certain to count: no process
  -- appended after the position of the caller, or only the end of the generation (p_free) would be in their way.
  create function systemprompt.append(
    p_store int, p_lines text[], p_after bigint, p_token text,
    p_free boolean default false, p_tasks text[] default '{}', p_chunks text[] default '{}', p_counts int[] default '{}'
  )
  returns table (at float8, content text, reported boolean) language plpgsql
  -- A plan that was made while the journal was short would read all of it later.
  set enable_seqscan = off set enable_bitmapscan = off
  as $$
  declare
    v_start bigint;
    v_reported boolean;
  begin
    perform set_config('synchronous_commit', 'on', true);
    select h.position into v_start from systemprompt.head h where h.id = p_store for no key update;
    if not found then
      raise exception 'the store was removed';
    end if;
    if exists (select from systemprompt.given_up g where g.store = p_store and g.token = p_token) then
      raise exception 'the connection was lost before these lines arrived';
    end if;
    v_reported := v_start = p_after or v_start > p_after and p_free and not exists (
      select from systemprompt.journal j
      where j.store = p_store and j.position >= p_after and j.line like '{"v":1,"seal":%'
    );
    insert into systemprompt.journal (store, position, line)
      select p_store, v_start + u.n - 1, u.l from unnest(p_lines) with ordinality u (l, n);
    update systemprompt.head h set position = v_start + cardinality(p_lines) where h.id = p_store;
    perform pg_notify('systemprompt_' || p_store, 'journal:' || v_start + cardinality(p_lines));
    if v_reported and cardinality(p_tasks) > 0 then
      perform systemprompt.append_logs(p_store, p_tasks, p_chunks, p_counts);
    end if;
    return query select j.position::float8, j.line, v_reported from systemprompt.journal j
      where j.store = p_store and j.position >= p_after order by j.position;
  end $$;
  `,
];
