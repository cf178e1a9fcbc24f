-- What is known of a customer beside the money: addresses, notes, credit; and what waits for a second person.
-- Instants are microseconds since 1970 UTC; yes and no are 1 and 0.

-- Read by pages and mails, never by a call.
create table account_profile (
  account_no integer primary key references account (no),
  contact_name text not null default '',
  phone text not null default '',
  language integer not null default 0,
  service_line1 text not null default '',
  service_line2 text not null default '',
  service_city text not null default '',
  service_region text not null default '',
  service_postal_code text not null default '',
  service_country text not null default '',
  billing_same integer not null default 1,
  billing_name text not null default '',
  billing_line1 text not null default '',
  billing_line2 text not null default '',
  billing_city text not null default '',
  billing_region text not null default '',
  billing_postal_code text not null default '',
  billing_country text not null default '',
  billing_email text not null default '',
  provincial_tax_id text not null default '',
  credit_term_days integer,
  version integer not null default 1
);

-- R65: who else gets what goes to the billing address.
create table account_mail_list (
  account_no integer not null references account (no),
  email_key text not null,
  email text not null,
  primary key (account_no, email_key)
);

create table account_note (
  no integer primary key,
  account_no integer not null references account (no),
  text text not null,
  by_user_no integer,
  by_whom text not null,
  at_micros integer not null
);
create index account_note_by_account on account_note (account_no, no);

-- What one person proposed and another decides; the proposal is JSON of its kind.
create table approval (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  account_no integer references account (no),
  kind integer not null,
  subject text not null,
  proposal text not null,
  asked_by_user_no integer,
  asked_by text not null,
  asked_at_micros integer not null,
  outcome integer,
  decided_by_user_no integer,
  decided_by text,
  decided_at_micros integer,
  remark text not null default '',
  applied integer not null default 0
);
create index approval_waiting on approval (provider_no, no) where outcome is null;
create index approval_unapplied on approval (no) where outcome = 1 and applied = 0;
create index approval_by_account on approval (account_no, no);
create index approval_declined on approval (provider_no, decided_at_micros) where kind = 1 and outcome = 2;

-- Strangers who asked to become customers: the link in their mail as a hash, and what they filled in as JSON. The
-- account is named once it exists.
create table sign_up (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  token_sha256 blob unique,
  application text not null,
  language integer not null,
  asked_at_micros integer not null,
  expires_at_micros integer,
  confirmed_at_micros integer,
  password_hash text,
  needs_approval integer not null default 0,
  account_no integer references account (no)
);
-- Confirmed, and broken off before there was an account.
create index sign_up_to_open on sign_up (confirmed_at_micros) where password_hash is not null and needs_approval = 0;

-- The words by which staff find a customer: of the account itself (part 0), of what is known of it (-1), and of each of
-- its users (the user's number).
create table account_word (
  provider_no integer not null,
  word text not null,
  account_no integer not null references account (no),
  part integer not null,
  primary key (provider_no, word, account_no, part)
) without rowid;
create index account_word_by_account on account_word (account_no, word, part);

-- Another address to sign in with, wished for by a user: it counts once a link was followed at the address of now and
-- one at the address to be, while neither that of now nor the password changed. The links are hashes, one wish a user.
create table email_change (
  user_no integer primary key references portal_user (no),
  id text not null unique,
  email text not null,
  email_key text not null,
  former_key text not null,
  stamp text not null,
  asked_at_micros integer not null,
  expires_at_micros integer not null,
  former_token_sha256 blob unique,
  wished_token_sha256 blob unique,
  former_confirmed_at_micros integer,
  wished_confirmed_at_micros integer
);
