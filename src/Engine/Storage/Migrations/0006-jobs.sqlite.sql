-- What runs by the clock and not by a request. Instants are microseconds since 1970 UTC; yes and no are 1 and 0.

-- How far each job has come; provider 0 is the whole installation.
create table job (
  name text not null,
  provider_no integer not null,
  since_at_micros integer not null,
  last_occurrence text,
  primary key (name, provider_no)
) without rowid;

-- One row for each occurrence, however many nodes there are. It waits until a node has begun it; a node that begins it
-- has it until the lease ends.
create table job_run (
  no integer primary key,
  job text not null,
  provider_no integer,
  occurrence text not null,
  due_at_micros integer not null,
  missed integer not null,
  argument text not null,
  asked_by text,
  node text,
  attempt integer not null,
  started_at_micros integer,
  lease_until_at_micros integer,
  ended_at_micros integer,
  outcome integer,
  detail text not null,
  progress integer not null,
  progress_of integer not null,
  findings integer not null
);
create unique index job_run_once on job_run (job, coalesce(provider_no, 0), occurrence);
create index job_run_by_job on job_run (job, no);
create index job_run_open on job_run (no) where ended_at_micros is null;

-- What runs found wrong; the provider whose staff may read it, null where it is nobody's own.
create table job_finding (
  run_no integer not null references job_run (no),
  n integer not null,
  provider_no integer,
  name text not null,
  sentence text not null,
  primary key (run_no, n)
) without rowid;

-- Quartz's own tables, as Quartz 4.7 names them: it keeps in them which node ticks next, and nothing else.

create table qrtz_job_details (
  sched_name text not null,
  job_name text not null,
  job_group text not null,
  description text,
  job_class_name text not null,
  is_durable integer not null,
  is_nonconcurrent integer not null,
  is_update_data integer not null,
  requests_recovery integer not null,
  job_data blob,
  primary key (sched_name, job_name, job_group)
);

create table qrtz_triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  job_name text not null,
  job_group text not null,
  description text,
  next_fire_time integer,
  prev_fire_time integer,
  priority integer,
  trigger_state text not null,
  trigger_type text not null,
  start_time integer not null,
  end_time integer,
  calendar_name text,
  misfire_instr integer,
  misfire_orig_fire_time integer,
  execution_group text,
  preferred_node text,
  preferred_node_auto integer not null default 0,
  retry_policy text,
  retry_attempt integer,
  continues_trigger_name text,
  continues_trigger_group text,
  continuation_condition integer,
  overlap_policy integer,
  pause_reason text,
  paused_by text,
  paused_at integer,
  misfire_threshold integer,
  fixed_delay integer,
  job_data blob,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, job_name, job_group)
    references qrtz_job_details (sched_name, job_name, job_group)
);

create table qrtz_simple_triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  repeat_count integer not null,
  repeat_interval integer not null,
  times_triggered integer not null,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, trigger_name, trigger_group)
    references qrtz_triggers (sched_name, trigger_name, trigger_group) on delete cascade
);

create table qrtz_simprop_triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  str_prop_1 text,
  str_prop_2 text,
  str_prop_3 text,
  int_prop_1 integer,
  int_prop_2 integer,
  long_prop_1 integer,
  long_prop_2 integer,
  dec_prop_1 numeric,
  dec_prop_2 numeric,
  bool_prop_1 integer,
  bool_prop_2 integer,
  time_zone_id text,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, trigger_name, trigger_group)
    references qrtz_triggers (sched_name, trigger_name, trigger_group) on delete cascade
);

create table qrtz_cron_triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  cron_expression text not null,
  time_zone_id text,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, trigger_name, trigger_group)
    references qrtz_triggers (sched_name, trigger_name, trigger_group) on delete cascade
);

create table qrtz_blob_triggers (
  sched_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  blob_data blob,
  primary key (sched_name, trigger_name, trigger_group),
  foreign key (sched_name, trigger_name, trigger_group)
    references qrtz_triggers (sched_name, trigger_name, trigger_group) on delete cascade
);

create table qrtz_calendars (
  sched_name text not null,
  calendar_name text not null,
  calendar blob not null,
  primary key (sched_name, calendar_name)
);

create table qrtz_paused_trigger_grps (
  sched_name text not null,
  trigger_group text not null,
  pause_reason text,
  paused_by text,
  paused_at integer,
  primary key (sched_name, trigger_group)
);

create table qrtz_paused_job_grps (
  sched_name text not null,
  job_group text not null,
  pause_reason text,
  paused_by text,
  paused_at integer,
  primary key (sched_name, job_group)
);

create table qrtz_fired_triggers (
  sched_name text not null,
  entry_id text not null,
  trigger_name text not null,
  trigger_group text not null,
  instance_name text not null,
  fired_time integer not null,
  sched_time integer not null,
  priority integer not null,
  state text not null,
  job_name text,
  job_group text,
  is_nonconcurrent integer not null,
  requests_recovery integer,
  execution_group text,
  progress integer,
  progress_message text,
  interrupt_requested_time integer,
  primary key (sched_name, entry_id)
);

create table qrtz_scheduler_state (
  sched_name text not null,
  instance_name text not null,
  last_checkin_time integer not null,
  checkin_interval integer not null,
  quartz_version text,
  primary key (sched_name, instance_name)
);

create table qrtz_locks (
  sched_name text not null,
  lock_name text not null,
  primary key (sched_name, lock_name)
);

create table qrtz_execution_history (
  sched_name text not null,
  entry_id text not null,
  instance_name text not null,
  job_name text not null,
  job_group text not null,
  trigger_name text not null,
  trigger_group text not null,
  fired_time integer not null,
  run_time integer not null,
  succeeded integer not null,
  error_message text,
  retry_attempt integer not null default 0,
  retry_scheduled integer not null default 0,
  execution_log text,
  result integer,
  summary text,
  metrics text,
  manual integer,
  fire_instance_id text,
  job_input text,
  job_input_too_large integer,
  primary key (sched_name, entry_id)
);

create table qrtz_misfire_history (
  sched_name text not null,
  entry_id text not null,
  instance_name text not null,
  trigger_name text not null,
  trigger_group text not null,
  job_name text,
  job_group text,
  misfire_time integer not null,
  sched_time integer,
  reason integer,
  primary key (sched_name, entry_id)
);

create table qrtz_job_status (
  sched_name text not null,
  job_group text not null,
  job_name text not null,
  first_fired_time integer not null,
  last_fired_time integer not null,
  last_result integer not null,
  last_run_time integer not null,
  last_instance_name text not null,
  last_entry_id text,
  last_summary text,
  last_success_time integer,
  last_failure_time integer,
  last_failure_message text,
  consecutive_failures integer not null default 0,
  run_count integer not null default 0,
  failure_count integer not null default 0,
  primary key (sched_name, job_group, job_name)
);

create index idx_qrtz_eh_fire_inst on qrtz_execution_history (sched_name, fire_instance_id);
create index idx_qrtz_eh_fired_time on qrtz_execution_history (sched_name, fired_time);
create index idx_qrtz_eh_inst on qrtz_execution_history (sched_name, instance_name);
create index idx_qrtz_eh_job_time on qrtz_execution_history (sched_name, job_group, job_name, fired_time);
create index idx_qrtz_eh_trig_time on qrtz_execution_history (sched_name, trigger_group, trigger_name, fired_time);
create index idx_qrtz_ft_inst_job_req_rcvry on qrtz_fired_triggers (sched_name, instance_name, requests_recovery);
create index idx_qrtz_ft_j_g on qrtz_fired_triggers (sched_name, job_name, job_group);
create index idx_qrtz_ft_t_g on qrtz_fired_triggers (sched_name, trigger_name, trigger_group);
create index idx_qrtz_j_g_n on qrtz_job_details (sched_name, job_group, job_name);
create index idx_qrtz_mh_inst on qrtz_misfire_history (sched_name, instance_name);
create index idx_qrtz_mh_misfire_time on qrtz_misfire_history (sched_name, misfire_time);
create index idx_qrtz_t_c on qrtz_triggers (sched_name, calendar_name);
create index idx_qrtz_t_g_n on qrtz_triggers (sched_name, trigger_group, trigger_name);
create index idx_qrtz_t_j on qrtz_triggers (sched_name, job_name, job_group);
create index idx_qrtz_t_nft_st on qrtz_triggers
  (sched_name, trigger_state, next_fire_time, priority desc, misfire_instr);
