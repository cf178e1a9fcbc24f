-- New versions of rate decks on their way: from a file to effect. Instants are microseconds since 1970 UTC; yes and no
-- are 1 and 0.

create table deck_draft (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  deck_no integer not null references deck (no),
  state integer not null,
  version integer not null default 1,
  file_name text not null,
  file_sha256 text not null,
  file blob not null,
  options text not null,
  effective_from_at_micros integer,
  by_user_no integer not null,
  by_whom text not null,
  created_at_micros integer not null,
  base_version integer,
  rows integer not null default 0,
  bad_lines integer not null default 0,
  new_rates integer not null default 0,
  dearer integer not null default 0,
  cheaper integer not null default 0,
  removed integer not null default 0,
  unchanged integer not null default 0,
  raises integer not null default 0,
  effect_from_at_micros integer,
  effect_until_at_micros integer,
  effect_calls integer not null default 0,
  effect_unrated integer not null default 0,
  effect_before_micros integer not null default 0,
  effect_after_micros integer not null default 0,
  asked_by_user_no integer,
  asked_by text,
  approved_by_user_no integer,
  approved_by text,
  override_reason text not null default '',
  remark text not null default '',
  refusal text,
  deck_version integer,
  notice_file_no integer,
  told integer
);
-- One at a time for each deck: those that are neither in force (6) nor given up (7).
create unique index deck_draft_open on deck_draft (deck_no) where state < 6;
create index deck_draft_by_deck on deck_draft (deck_no, no);

-- Why a file was not taken, line by line.
create table deck_draft_bad (
  draft_no integer not null references deck_draft (no),
  n integer not null,
  line integer not null,
  refusal text not null,
  detail text not null,
  primary key (draft_no, n)
) without rowid;

-- What differs from the version before, by kind and prefix; the prices are 10^-8 of the currency a minute.
create table deck_draft_change (
  draft_no integer not null,
  kind integer not null,
  n integer not null,
  prefix text not null,
  destination text not null,
  before_e8 integer,
  after_e8 integer,
  before_terms text not null,
  after_terms text not null,
  raises integer not null,
  primary key (draft_no, kind, n)
) without rowid;

-- What lately made calls would have cost: by customer (1) and by destination (2), the greatest change first.
create table deck_draft_effect (
  draft_no integer not null,
  kind integer not null,
  n integer not null,
  account_no integer,
  name text not null,
  calls integer not null,
  before_micros integer not null,
  after_micros integer not null,
  primary key (draft_no, kind, n)
) without rowid;

-- Who is charged by a deck.
create index account_by_outbound_deck on account (outbound_deck_no, no);
create index account_by_inbound_deck on account (inbound_deck_no, no) where inbound_deck_no is not null;
