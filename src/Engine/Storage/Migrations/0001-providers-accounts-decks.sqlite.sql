-- Who sells, to whom, at which prices. Instants are microseconds since 1970 UTC; yes and no are 1 and 0.

create table revision (
  what text primary key,
  number integer not null
) without rowid;
insert into revision (what, number) values
  ('provider', 0), ('policy', 0), ('deck', 0), ('numbering', 0), ('factor', 0), ('key', 0);

create table provider (
  no integer primary key,
  id text not null unique,
  name text not null unique,
  host text not null unique,
  currency text not null,
  created_at_micros integer not null
);

-- How its pages look: colours as #rrggbb; the logo's type is null where there is none.
create table brand (
  provider_no integer primary key references provider (no),
  name text not null,
  main_colour text not null,
  accent_colour text not null,
  logo_type text,
  logo blob not null,
  saved_at_micros integer not null,
  saved_by text not null
);

create table policy (
  provider_no integer not null references provider (no),
  version integer not null,
  effective_from_at_micros integer not null,
  document text not null,
  saved_at_micros integer not null,
  saved_by text not null,
  primary key (provider_no, version)
) without rowid;

create table deck (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  name text not null,
  currency text not null,
  created_at_micros integer not null,
  unique (provider_no, name)
);

-- A version is seen by nobody until complete is 1; its rows are written before that and never changed after it.
create table deck_version (
  deck_no integer not null references deck (no),
  version integer not null,
  effective_from_at_micros integer not null,
  saved_at_micros integer not null,
  saved_by text not null,
  rounding_decimals integer not null,
  rounding_mode integer not null,
  allow_zero integer not null,
  row_count integer not null,
  source_sha256 text not null,
  complete integer not null,
  primary key (deck_no, version)
) without rowid;

create table rate (
  deck_no integer not null,
  version integer not null,
  line integer not null,
  prefix text not null,
  destination text not null,
  per_minute_e8 integer not null,
  first_seconds integer not null,
  next_seconds integer not null,
  connect_fee_micros integer not null,
  minimum_micros integer not null,
  blocked integer not null,
  interstate_e8 integer,
  intrastate_e8 integer,
  indeterminate_e8 integer,
  effective_from_at_micros integer,
  effective_to_at_micros integer,
  primary key (deck_no, version, line)
) without rowid;

-- The newest complete version is the table; older ones are removed when it is.
create table numbering_version (
  version integer primary key,
  saved_at_micros integer not null,
  saved_by text not null,
  row_count integer not null,
  source_sha256 text not null,
  complete integer not null
);

create table numbering (
  version integer not null,
  prefix text not null,
  state text not null,
  country text not null,
  primary key (version, prefix)
) without rowid;

create table usage_tax_factor (
  code text not null,
  from_date text not null,
  to_date text not null,
  parts_per_million integer not null,
  source text not null,
  saved_at_micros integer not null,
  saved_by text not null,
  primary key (code, from_date)
) without rowid;

create table account (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  name text not null,
  type integer not null,
  currency text not null,
  tax_status integer not null,
  outbound_deck_no integer not null references deck (no),
  inbound_deck_no integer references deck (no),
  channels integer not null,
  calls_per_second integer not null,
  blocks integer not null default 0,
  alert_threshold_micros integer,
  closed_at_micros integer,
  created_at_micros integer not null
);
create index account_by_provider on account (provider_no, no);

create table sip_user (
  provider_no integer not null references provider (no),
  name text not null,
  account_no integer not null references account (no),
  created_at_micros integer not null,
  primary key (provider_no, name)
) without rowid;
create index sip_user_by_account on sip_user (account_no);

create table suspension (
  no integer primary key,
  account_no integer not null references account (no),
  reason text not null,
  blocks integer not null,
  remark text not null default '',
  by_whom text not null,
  since_at_micros integer not null,
  cleared_by text,
  cleared_at_micros integer
);
create unique index suspension_standing on suspension (account_no, reason) where cleared_at_micros is null;

create table access_key (
  no integer primary key,
  id_part text not null unique,
  secret_sha256 blob not null,
  kind integer not null,
  provider_no integer references provider (no),
  account_no integer references account (no),
  created_at_micros integer not null,
  created_by text not null,
  revoked_at_micros integer,
  revoked_by text,
  changed_revision integer not null
);
create index access_key_changed on access_key (changed_revision);

create table switch (
  no integer primary key,
  provider_no integer not null references provider (no),
  name text not null,
  first_seen_at_micros integer not null,
  last_seen_at_micros integer not null,
  unique (provider_no, name)
);
