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
    gave_up boolean not null default false,
    announced bigint not null default 0,
    announced_at timestamptz not null default now(),
    created_at timestamptz not null default now()
  );
  create table systemprompt.journal (
    store int not null,
    position bigint not null,
    line text not null check (strpos(line, e'\\n') = 0),
    primary key (store, position)
  );
  create table systemprompt.task (
    store int not null,
    id text not null,
    number bigint not null,
    record json not null,
    primary key (store, id),
    constraint task_number unique (store, number) deferrable initially deferred
  );
  create table systemprompt.log_head (
    store int not null,
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
    primary key (store, task, start)
  );
  create table systemprompt.archive (
    store int not null,
    id text not null,
    number bigint not null,
    token text not null default '',
    record json not null,
    primary key (store, id, token)
  );
  create index archive_staged on systemprompt.archive (store) where token <> '';
  create table systemprompt.coordination (
    store int not null,
    kind text not null,
    key text not null,
    text text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (store, kind, key)
  );
  create index coordination_at on systemprompt.coordination (store, kind, at);
  create table systemprompt.quarantine (
    store int not null,
    id text not null,
    reason text not null,
    record text not null,
    at timestamptz not null default clock_timestamp()
  );

  -- Foreign keys would lock the row of the store for each row that refers to it.
  create function systemprompt.remove_rows() returns trigger language plpgsql as $$
  begin
    delete from systemprompt.journal x where x.store = old.id;
    delete from systemprompt.task x where x.store = old.id;
    delete from systemprompt.log_head x where x.store = old.id;
    delete from systemprompt.log x where x.store = old.id;
    delete from systemprompt.archive x where x.store = old.id;
    delete from systemprompt.coordination x where x.store = old.id;
    delete from systemprompt.quarantine x where x.store = old.id;
    delete from systemprompt.given_up x where x.store = old.id;
    return null;
  end $$;
  create trigger remove_rows after delete on systemprompt.head for each row execute function systemprompt.remove_rows();

  -- Appends whose writer lost its connection and no longer waits for them.
  create table systemprompt.given_up (
    store int not null,
    token text not null,
    at timestamptz not null default clock_timestamp(),
    primary key (store, token)
  );

  -- Adds entries to the log of a task. p_noticed: whether to send a notice.
  create function systemprompt.append_log(p_store int, p_task text, p_lines text, p_count int, p_noticed boolean)
  returns void language plpgsql as $$
  begin
    with head as (
      insert into systemprompt.log_head as h (store, task, next) values (p_store, p_task, p_count)
        on conflict (store, task) do update set next = h.next + excluded.next returning h.next
    )
    insert into systemprompt.log (store, task, start, count, lines)
      select p_store, p_task, head.next - p_count, p_count, p_lines from head;
    if p_noticed then
      perform pg_notify('systemprompt_' || p_store, 'log:' || p_task);
    end if;
  end $$;

  -- One transaction for the logs of many tasks. Callers sort the tasks, so that they do not block each other for good.
  create function systemprompt.append_logs(
    p_store int, p_tasks text[], p_lines text[], p_counts int[], p_noticed boolean[]
  ) returns void language plpgsql as $$
  declare
    v_ignored text := set_config('synchronous_commit', 'on', true);
  begin
    for v_at in 1 .. cardinality(p_tasks) loop
      v_ignored := systemprompt.append_log(p_store, p_tasks[v_at], p_lines[v_at], p_counts[v_at], p_noticed[v_at]);
    end loop;
  end $$;

  -- The row of the log's head is locked first, so that no process adds entries in between.
  create function systemprompt.remove_log(p_store int, p_task text) returns void language plpgsql as $$
  begin
    delete from systemprompt.log_head h where h.store = p_store and h.task = p_task;
    delete from systemprompt.log l where l.store = p_store and l.task = p_task;
  end $$;

  -- Settles whether lines with a token are in the journal: they are, or never will be.
  create function systemprompt.give_up(p_store int, p_token text) returns void language plpgsql as $$
  begin
    perform set_config('synchronous_commit', 'on', true);
    update systemprompt.head h set gave_up = true where h.id = p_store;
    insert into systemprompt.given_up (store, token) values (p_store, p_token) on conflict do nothing;
  end $$;

  -- A line for a reader. No process writes a longer one, which would end those that read it.
  create function systemprompt.text_of(p_line text) returns text language sql immutable as $$
    select case when octet_length(p_line) <= 67108864 then p_line else '' end
  $$;

  -- Whether the journal has a line with this beginning; every line has its own. There is none before the first one.
  create function systemprompt.has_line(p_store int, p_position bigint, p_beginning text) returns boolean
  language plpgsql stable as $$
  begin
    return p_position < 0 or exists (
      select from systemprompt.journal j
      where j.store = p_store and j.position = p_position and starts_with(j.line, p_beginning)
    );
  end $$;

  -- Appends lines, and returns when they and all lines before them are durable. The row of the store stays locked until
  -- the first commit, which makes the order of commits the order of positions: no reader skips a slow transaction. That
  -- commit waits for no disk, so that the row is locked for a moment only, and the disk waits of all processes are shared.
  -- The message makes the second commit wait, also for synchronous standbys. r_others: the lines of others from p_after on.
  --
  -- p_known is the beginning of the line before p_after. The journal that the caller has read may have lost its end in a
  -- crash or a failover, and continue with other lines: then nothing is appended.
  --
  -- The entries that report the lines are added in the same transaction if the lines are certain to count: no process
  -- appended after the position of the caller, or only the end of the generation (p_free) would be in their way.
  --
  -- A notice wakes every process that listens, so that one is sent for all appends of a moment. r_announced: whether it
  -- was; otherwise the caller announces its lines later.
  --
  -- Without the settings, a plan that was made while the journal was short would read all of it later.
  create procedure systemprompt.append(
    p_store int, p_lines text, p_after bigint, p_known text, p_token text, p_free boolean,
    p_tasks text[], p_chunks text[], p_counts int[], p_noticed boolean[],
    inout r_others text, inout r_reported boolean, inout r_announced boolean
  ) language plpgsql as $$
  declare
    v_ignored text;
    v_lines text[] := string_to_array(p_lines, e'\\n');
    v_lines_count int := cardinality(v_lines);
    v_now timestamptz := clock_timestamp();
    v_pause constant interval := '20 ms';
    v_start bigint;
    v_gave_up boolean;
    v_count bigint := 0;
    v_sealed boolean := false;
  begin
    v_ignored := set_config('synchronous_commit', 'off', true);
    v_ignored := set_config('enable_seqscan', 'off', true);
    v_ignored := set_config('enable_bitmapscan', 'off', true);
    update systemprompt.head h set
        position = h.position + v_lines_count,
        announced = case when h.announced_at between v_now - v_pause and v_now + v_pause * 1000 then h.announced
          else h.position + v_lines_count end,
        announced_at = case when h.announced_at between v_now - v_pause and v_now + v_pause * 1000 then h.announced_at else v_now end
      where h.id = p_store
      returning h.position - v_lines_count, h.gave_up, h.announced = h.position into v_start, v_gave_up, r_announced;
    if not found then
      raise exception 'the store was removed';
    end if;
    if v_gave_up and exists (
      select from systemprompt.given_up g where g.store = p_store and g.token = p_token
    ) then
      raise exception 'the connection was lost before these lines arrived';
    end if;
    if v_start > p_after then
      -- Too much for one answer is read in pages instead.
      if v_start - p_after > 20 and (
        select sum(octet_length(j.line)) from systemprompt.journal j where j.store = p_store and j.position >= p_after
      ) > 50000000 then
        raise exception 'the journal has grown too much' using errcode = 'SP001';
      end if;
      select string_agg(systemprompt.text_of(j.line), e'\\n' order by j.position), count(*),
          coalesce(bool_or(systemprompt.ended_by(j.line) is not null), false)
        into r_others, v_count, v_sealed
        from systemprompt.journal j where j.store = p_store and j.position >= p_after;
    end if;
    if v_count <> v_start - p_after or not systemprompt.has_line(p_store, p_after - 1, p_known) then
      raise exception 'the journal has other lines' using errcode = 'SP001';
    end if;
    if v_lines_count = 1 then
      insert into systemprompt.journal (store, position, line) values (p_store, v_start, p_lines);
    else
      insert into systemprompt.journal (store, position, line)
        select p_store, v_start + u.n - 1, u.l from unnest(v_lines) with ordinality u (l, n);
    end if;
    if r_announced then
      perform pg_notify('systemprompt_' || p_store, 'journal:' || v_start + v_lines_count);
    end if;
    r_reported := v_start = p_after or p_free and not v_sealed;
    if r_reported then
      for v_at in 1 .. cardinality(p_tasks) loop
        v_ignored := systemprompt.append_log(p_store, p_tasks[v_at], p_chunks[v_at], p_counts[v_at], p_noticed[v_at]);
      end loop;
    end if;
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
      select string_agg(systemprompt.text_of(l.line), e'\\n' order by l.position), min(l.position) into o_lines, v_first from (
        select j.position, j.line, sum(octet_length(j.line)) over (order by j.position) - octet_length(j.line) as before
        from systemprompt.journal j where j.store = p_store and j.position between p_after and p_after + 4999
      ) l where l.before < 50000000;
      o_known := coalesce(v_first = p_after, false);
    end if;
  end $$;

  -- The number of the generation that a line ends; null for any other line.
  create function systemprompt.ended_by(p_line text) returns bigint language sql immutable as $$
    select substring(p_line from '^ ?\\{"v":1,"seal":(\\d{1,15}),')::bigint
  $$;

  -- The generation (1) that a change belongs to, and the number of the next task (2); null for any other line.
  create function systemprompt.change_of(p_line text) returns bigint[] language sql immutable as $$
    select regexp_match(
      right(p_line, 200),
      ',"gen":(\\d{1,15}),"after":\\d{1,16},"next":(\\d{1,9}),"batch":"[^"]*","index":\\d{1,9}\\}$'
    )::bigint[] where p_line ~ '^ ?\\{"v":1,"tx":"'
  $$;

  -- Whether the journal has all lines up to its end and none after it, and begins with the generation after a snapshot.
  create function systemprompt.is_whole(p_store int) returns boolean language sql stable as $$
    select h.position between 0 and 9007199254740991 and h.snapshot_position between 0 and h.position
      and h.snapshot_generation is not distinct from case when h.snapshot_position = 0 then 1 else (
        select systemprompt.ended_by(j.line) + 1 from systemprompt.journal j
        where j.store = p_store and j.position = h.snapshot_position - 1
      ) end
      and h.position - greatest(h.snapshot_position - 1, 0) = (
        select count(*) from systemprompt.journal j
        where j.store = p_store and j.position >= greatest(h.snapshot_position - 1, 0)
      )
      and h.position - 1 is not distinct from coalesce(
        (select max(j.position) from systemprompt.journal j where j.store = p_store), -1::bigint
      )
    from systemprompt.head h where h.id = p_store
  $$;

  -- Repairs the journal after another program changed its rows. It reaches from the first to the last line of ours; a few
  -- that are far from most do not belong to it. Other rows go into quarantine, and missing lines become empty ones, which
  -- count for nothing. A snapshot that does not follow the end of a generation is taken to be at the beginning: changes
  -- that the records contain have no effect. The last line gets another beginning, so that every process loads again.
  create function systemprompt.repair(p_store int) returns void language plpgsql as $$
  declare
    v_gap constant bigint := 100000;
    v_first bigint;
    v_next bigint;
    v_snapshot bigint;
    v_generation bigint;
    v_line text;
    v_change bigint[];
  begin
    perform set_config('synchronous_commit', 'on', true);
    -- The lock of compaction, which locks rows before the head.
    perform pg_advisory_xact_lock(7320915, p_store);
    select h.snapshot_position, h.snapshot_generation into v_snapshot, v_generation
      from systemprompt.head h where h.id = p_store for update;
    if not found or systemprompt.is_whole(p_store) then
      return;
    end if;
    create temporary table ours on commit drop as
      select j.position, systemprompt.ended_by(j.line) as seal, c.change[1] as gen, c.change[2] as next
      from systemprompt.journal j, systemprompt.change_of(j.line) c (change)
      where j.store = p_store and j.position between 0 and 9007199254740000
        and (c.change is not null or systemprompt.ended_by(j.line) is not null);
    with steps as (
      select o.position, case when o.position - lag(o.position) over (order by o.position) <= v_gap then 0 else 1 end as wide
      from ours o
    ), runs as (
      select s.position, sum(s.wide) over (order by s.position) as run from steps s
    )
    select min(r.position), max(r.position) + 1 into v_first, v_next
      from runs r group by r.run order by count(*) desc, r.run desc limit 1;
    v_first := coalesce(v_first, 0);
    v_next := coalesce(v_next, 0);
    delete from ours o where o.position < v_first or o.position >= v_next;
    select j.line into v_line from systemprompt.journal j where j.store = p_store and j.position = v_snapshot - 1;
    if v_snapshot between greatest(v_first, 1) and v_next and systemprompt.ended_by(v_line) is not null then
      v_generation := systemprompt.ended_by(v_line) + 1;
    elsif v_snapshot between greatest(v_first, 1) and v_next and systemprompt.change_of(v_line) is null
        and v_generation > 1 and v_snapshot <= (select min(o.position) from ours o where o.gen = v_generation) then
      -- Only the line that ended the generation is missing. Changes that it overtook may follow it.
      v_line := null;
    else
      -- The first end of a generation that has changes, or the generation of most changes.
      v_snapshot := v_first;
      v_generation := coalesce(
        (select o.seal from ours o where exists (select from ours c where c.gen = o.seal) order by o.position limit 1),
        (select o.gen from ours o where o.gen is not null group by o.gen order by count(*) desc limit 1),
        1
      );
      if v_first = 0 or v_generation <= 1 then
        v_snapshot := 0;
        v_generation := 1;
      end if;
    end if;
    with moved as (
      delete from systemprompt.journal j
      where j.store = p_store and not exists (select from ours o where o.position = j.position)
      returning j.position, j.line
    )
    insert into systemprompt.quarantine (store, id, reason, record)
      select p_store, 'journal ' || m.position, 'not a line of the journal', m.line from moved m where m.line > ' ';
    insert into systemprompt.journal (store, position, line)
      select p_store, n, case when n = v_snapshot - 1 then '{"v":1,"seal":' || v_generation - 1 || ',"by":"repair"}' else '' end
      from generate_series(least(v_first, greatest(v_snapshot - 1, 0)), v_next - 1) n
      on conflict do nothing;
    -- The end of a later generation is missing: its changes would not count.
    update systemprompt.journal j set line = '{"v":1,"seal":' || g.gen - 1 || ',"by":"repair"}'
      from (select o.gen, min(o.position) as position from ours o where o.gen > v_generation group by o.gen) g
      where j.store = p_store and not exists (select from ours o where o.seal = g.gen - 1) and j.position = (
        select max(e.position) from systemprompt.journal e
        where e.store = p_store and e.position between v_snapshot and g.position - 1 and e.line = ''
      );
    update systemprompt.journal j set line = case when j.line like ' %' then ltrim(j.line) else ' ' || j.line end
      where j.store = p_store and j.position = v_next - 1;
    select array[o.position, o.next] into v_change from ours o
      where o.position >= v_snapshot and o.gen = v_generation order by o.position limit 1;
    update systemprompt.head h set
        position = v_next, snapshot_position = v_snapshot, snapshot_generation = v_generation,
        next_number = case when v_change[1] > v_snapshot or (v_snapshot, v_generation) <> (h.snapshot_position, h.snapshot_generation)
          then coalesce(v_change[2], h.next_number) else h.next_number end,
        announced = least(h.announced, v_next)
      where h.id = p_store;
    drop table ours;
  end $$;
  `,
];
