-- What is to be told to people, and the mails that tell it. Instants are microseconds since 1970 UTC; yes and no are 1
-- and 0.

-- A file that goes with a notice; the same one for however many customers are told.
create table notice_file (
  no integer primary key,
  provider_no integer not null references provider (no),
  name text not null,
  media_type text not null,
  content blob not null,
  at_micros integer not null
);

-- Written in the transaction of what it reports. To a user, to an account's people, or to a provider's staff. Whom it
-- is about is not looked up again for each of very many: providers, accounts and users are never deleted, and rows that
-- calls are charged on are not locked for mails.
create table notice (
  no integer primary key,
  provider_no integer not null,
  account_no integer,
  user_no integer,
  kind integer not null,
  data text not null,
  file_no integer references notice_file (no),
  once_key text unique,
  at_micros integer not null,
  expanded_at_micros integer
);
create index notice_to_expand on notice (no) where expanded_at_micros is null;

-- One mail to one address. While it is to be delivered it is due at some moment; its words are there once it was
-- written, with links that open something blanked out.
create table mail (
  no integer primary key,
  id text not null unique,
  provider_no integer not null,
  account_no integer,
  user_no integer,
  notice_no integer not null references notice (no),
  kind integer not null,
  personal integer not null,
  to_address text not null,
  to_key text not null,
  language integer not null,
  state integer not null,
  subject text,
  text_body text,
  html_body text,
  attempts integer not null default 0,
  due_at_micros integer,
  answer text,
  created_at_micros integer not null,
  sent_at_micros integer,
  unique (notice_no, to_key)
);
create index mail_due on mail (due_at_micros) where due_at_micros is not null;
create index mail_by_provider on mail (provider_no, no);
create index mail_undelivered on mail (provider_no, no) where state in (3, 4);
create index mail_by_account on mail (account_no, no) where account_no is not null;
create index mail_undelivered_by_account on mail (account_no, no) where state in (3, 4) and account_no is not null;

-- From where a user signed in lately.
create table known_place (
  user_no integer not null references portal_user (no),
  place text not null,
  last_seen_at_micros integer not null,
  primary key (user_no, place)
) without rowid;

-- Whether a crossing was told of.
alter table crossing add column noticed integer not null default 0;
create index crossing_to_notice on crossing (n) where noticed = 0;

-- The low-balance amount of whoever is charged by this deck and has chosen none (R90, C7).
alter table deck add column alert_threshold_micros integer;
