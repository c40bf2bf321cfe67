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
    announced bigint not null default 0,
    announced_at timestamptz not null default now(),
    created_at timestamptz not null default now()
  );
  create table systemprompt.journal (
    store int not null references systemprompt.head on delete cascade,
    position bigint not null,
    line text not null check (strpos(line, e'\\n') = 0),
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

  -- One transaction for the logs of many tasks. p_noticed: whether a notice says that the log changed. Locks are taken in the order of the tasks, so that callers do not block
  -- each other for good. Row by row, because a join would read the heads of all logs.
  create function systemprompt.append_logs(p_store int, p_tasks text[], p_chunks text[], p_counts int[], p_noticed boolean[])
  returns void language plpgsql as $$
  declare
    v_row record;
    v_next bigint;
  begin
    perform set_config('synchronous_commit', 'on', true);
    for v_row in
      select u.task, u.lines, u.count, u.noticed
      from unnest(p_tasks, p_chunks, p_counts, p_noticed) with ordinality u (task, lines, count, noticed, n)
      order by u.task, u.n
    loop
      insert into systemprompt.log_head as h (store, task, next) values (p_store, v_row.task, v_row.count)
        on conflict (store, task) do update set next = h.next + excluded.next returning h.next into v_next;
      insert into systemprompt.log (store, task, start, count, lines)
        values (p_store, v_row.task, v_next - v_row.count, v_row.count, v_row.lines);
      if v_row.noticed then
        perform pg_notify('systemprompt_' || p_store, 'log:' || v_row.task);
      end if;
    end loop;
  end $$;

  -- Whether the journal has a line with this beginning; every line has its own. There is none before the first one.
  create function systemprompt.has_line(p_store int, p_position bigint, p_beginning text) returns boolean
  language plpgsql stable as $$
  begin
    return p_position < 0 or exists (
      select from systemprompt.journal j
      where j.store = p_store and j.position = p_position and starts_with(j.line, p_beginning)
    );
  end $$;

  -- Appends lines. The row of the store stays locked until the commit, which makes the order of commits the order of
  -- positions: no reader skips a slow transaction.
  --
  -- p_known is the beginning of the line before p_after. The journal that the caller has read may have lost its end in a
  -- crash or a failover, and continue with other lines: then nothing is appended.
  --
  -- The entries that report the lines are added in the same transaction if the lines are certain to count: no process
  -- appended after the position of the caller, or only the end of the generation (p_free) would be in their way.
  --
  -- A notice wakes every process that listens, so that one is sent for all appends of a moment. o_announced: whether it
  -- was; otherwise the caller announces its lines later.
  --
  -- Without the settings, a plan that was made while the journal was short would read all of it later.
  create function systemprompt.append_lines(
    p_store int, p_lines text, p_after bigint, p_known text, p_token text, p_free boolean,
    p_tasks text[], p_chunks text[], p_counts int[], p_noticed boolean[],
    out o_others text, out o_reported boolean, out o_announced boolean
  ) language plpgsql set enable_seqscan = off set enable_bitmapscan = off as $$
  declare
    v_lines text[] := string_to_array(p_lines, e'\\n');
    v_now timestamptz := clock_timestamp();
    v_pause constant interval := '20 ms';
    v_start bigint;
    v_count bigint := 0;
    v_sealed boolean := false;
  begin
    update systemprompt.head h set
        position = h.position + cardinality(v_lines),
        announced = case when h.announced_at < v_now - v_pause then h.position + cardinality(v_lines) else h.announced end,
        announced_at = case when h.announced_at < v_now - v_pause then v_now else h.announced_at end
      where h.id = p_store
      returning h.position - cardinality(v_lines), h.announced = h.position into v_start, o_announced;
    if not found then
      raise exception 'the store was removed';
    end if;
    if exists (select from systemprompt.given_up g where g.store = p_store and g.token = p_token) then
      raise exception 'the connection was lost before these lines arrived';
    end if;
    if v_start > p_after then
      -- Too much for one answer is read in pages instead.
      if v_start - p_after > 20 and (
        select sum(octet_length(j.line)) from systemprompt.journal j where j.store = p_store and j.position >= p_after
      ) > 50000000 then
        raise exception 'the journal has grown too much' using errcode = 'SP001';
      end if;
      select string_agg(j.line, e'\\n' order by j.position), count(*), coalesce(bool_or(j.line like '{"v":1,"seal":%'), false)
        into o_others, v_count, v_sealed
        from systemprompt.journal j where j.store = p_store and j.position >= p_after;
    end if;
    if v_count <> v_start - p_after or not systemprompt.has_line(p_store, p_after - 1, p_known) then
      raise exception 'the journal has other lines' using errcode = 'SP001';
    end if;
    insert into systemprompt.journal (store, position, line)
      select p_store, v_start + u.n - 1, u.l from unnest(v_lines) with ordinality u (l, n);
    if o_announced then
      perform pg_notify('systemprompt_' || p_store, 'journal:' || v_start + cardinality(v_lines));
    end if;
    o_reported := v_start = p_after or p_free and not v_sealed;
    if o_reported and cardinality(p_tasks) > 0 then
      perform systemprompt.append_logs(p_store, p_tasks, p_chunks, p_counts, p_noticed);
    end if;
  end $$;

  -- Appends lines, and returns when they and all lines before them are durable. The first commit waits for no disk, so
  -- that the row of the store is locked for a moment only, and the disk waits of all processes are shared. The message
  -- makes the second commit wait, also for synchronous standbys. r_others: the lines of others from p_after on.
  create procedure systemprompt.append(
    p_store int, p_lines text, p_after bigint, p_known text, p_token text, p_free boolean,
    p_tasks text[], p_chunks text[], p_counts int[], p_noticed boolean[],
    inout r_others text, inout r_reported boolean, inout r_announced boolean
  ) language plpgsql as $$
  declare
    v_ignored text;
  begin
    v_ignored := set_config('synchronous_commit', 'off', true);
    select a.o_others, a.o_reported, a.o_announced into r_others, r_reported, r_announced
      from systemprompt.append_lines(
        p_store, p_lines, p_after, p_known, p_token, p_free, p_tasks, p_chunks, p_counts, p_noticed
      ) a;
    commit;
    v_ignored := set_config('synchronous_commit', 'on', true);
    v_ignored := pg_logical_emit_message(true, 'systemprompt', '');
  end $$;

  -- Announces the end of the journal, unless a notice announced the lines up to p_position meanwhile.
  create function systemprompt.announce(p_store int, p_position bigint) returns void language plpgsql as $$
  declare
    v_position bigint;
  begin
    perform set_config('synchronous_commit', 'off', true);
    update systemprompt.head h set announced = h.position, announced_at = clock_timestamp()
      where h.id = p_store and h.announced < p_position returning h.position into v_position;
    if found then
      perform pg_notify('systemprompt_' || p_store, 'journal:' || v_position);
    end if;
  end $$;

  -- Reads on: a page of the lines from p_after, as one text. o_known is false if the journal has other lines before it,
  -- or no longer has all from there on.
  create function systemprompt.read_lines(
    p_store int, p_after bigint, p_known text,
    out o_end float8, out o_now float8, out o_generation float8, out o_snapshot float8, out o_known boolean, out o_lines text
  ) language plpgsql stable set enable_seqscan = off set enable_bitmapscan = off as $$
  declare
    v_first bigint;
  begin
    select h.position, extract(epoch from clock_timestamp()) * 1000, h.snapshot_generation, h.snapshot_position
      into o_end, o_now, o_generation, o_snapshot from systemprompt.head h where h.id = p_store;
    o_known := found and systemprompt.has_line(p_store, p_after - 1, p_known);
    if o_known and o_end > p_after then
      select string_agg(l.line, e'\\n' order by l.position), min(l.position) into o_lines, v_first from (
        select j.position, j.line, sum(octet_length(j.line)) over (order by j.position) - octet_length(j.line) as before
        from systemprompt.journal j where j.store = p_store and j.position between p_after and p_after + 4999
      ) l where l.before < 50000000;
      o_known := coalesce(v_first = p_after, false);
    end if;
  end $$;
  `,
];
