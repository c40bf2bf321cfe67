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

  -- The lock of the head row makes the order of commits the order of positions: no reader skips a slow transaction.
  create function systemprompt.append(p_store int, p_lines text[], p_after bigint, p_token text)
  returns table (at float8, content text) language plpgsql as $$
  declare
    v_start bigint;
  begin
    perform set_config('synchronous_commit', 'on', true);
    select h.position into v_start from systemprompt.head h where h.id = p_store for update;
    if not found then
      raise exception 'the store was removed';
    end if;
    if exists (select from systemprompt.given_up g where g.store = p_store and g.token = p_token) then
      raise exception 'the connection was lost before these lines arrived';
    end if;
    insert into systemprompt.journal (store, position, line)
      select p_store, v_start + u.n - 1, u.l from unnest(p_lines) with ordinality u (l, n);
    update systemprompt.head h set position = v_start + cardinality(p_lines) where h.id = p_store;
    perform pg_notify('systemprompt_' || p_store, 'journal');
    return query select j.position::float8, j.line from systemprompt.journal j
      where j.store = p_store and j.position >= p_after order by j.position;
  end $$;

  create function systemprompt.append_log(p_store int, p_task text, p_chunks text[], p_counts int[])
  returns void language plpgsql as $$
  declare
    v_next bigint;
  begin
    perform set_config('synchronous_commit', 'on', true);
    insert into systemprompt.log_head (store, task) values (p_store, p_task) on conflict do nothing;
    select h.next into v_next from systemprompt.log_head h where h.store = p_store and h.task = p_task for update;
    for i in 1 .. cardinality(p_chunks) loop
      insert into systemprompt.log (store, task, start, count, lines)
        values (p_store, p_task, v_next, p_counts[i], p_chunks[i]);
      v_next := v_next + p_counts[i];
    end loop;
    update systemprompt.log_head h set next = v_next where h.store = p_store and h.task = p_task;
    perform pg_notify('systemprompt_' || p_store, 'log:' || p_task);
  end $$;
  `,
  `
  -- One transaction for the logs of many tasks. Locks are taken in the order of the tasks, so that callers do not block
  -- each other for good.
  create function systemprompt.append_logs(p_store int, p_tasks text[], p_chunks text[], p_counts int[])
  returns void language plpgsql as $$
  begin
    perform set_config('synchronous_commit', 'on', true);
    insert into systemprompt.log_head (store, task)
      select distinct p_store, t from unnest(p_tasks) t order by t on conflict do nothing;
    perform 1 from systemprompt.log_head h where h.store = p_store and h.task = any (p_tasks) order by h.task for update;
    insert into systemprompt.log (store, task, start, count, lines)
      select p_store, u.t, h.next + sum(u.c) over (partition by u.t order by u.n) - u.c, u.c, u.l
      from unnest(p_tasks, p_chunks, p_counts) with ordinality u (t, l, c, n)
      join systemprompt.log_head h on h.store = p_store and h.task = u.t;
    update systemprompt.log_head h set next = h.next + s.c
      from (select u.t, sum(u.c) as c from unnest(p_tasks, p_counts) u (t, c) group by u.t) s
      where h.store = p_store and h.task = s.t;
    perform pg_notify('systemprompt_' || p_store, 'log:' || t) from (select distinct unnest(p_tasks) as t) s;
  end $$;
  `,
];
