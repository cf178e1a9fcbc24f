-- Who may sign in, and what signing in leaves behind. Instants are microseconds since 1970 UTC; yes and no are 1 and 0.

insert into revision (what, number) values ('session', 0);

-- One address, one user, within a provider. Staff have no account. The authenticator's key is sealed with the key file.
-- Which mails a user gets is a set of bits; null is what the role gets.
create table portal_user (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  account_no integer references account (no),
  role integer not null,
  name text not null,
  email text not null,
  email_key text not null,
  email_confirmed integer not null,
  password_hash text,
  stamp text not null,
  locked integer not null default 0,
  two_step integer not null default 0,
  authenticator_key blob,
  authenticator_step integer not null default 0,
  language integer,
  theme integer,
  notifications integer,
  created_at_micros integer not null,
  last_signed_in_at_micros integer,
  version integer not null default 1,
  changed_revision integer not null default 0,
  removed_at_micros integer
);
create unique index portal_user_email on portal_user (provider_no, email_key) where removed_at_micros is null;
-- R73: never two; that there is always one, handing over in one transaction sees to.
create unique index portal_user_primary on portal_user (account_no) where role = 1 and removed_at_micros is null;
create index portal_user_changed on portal_user (changed_revision);
create index portal_user_by_account on portal_user (account_no);

create table passkey (
  credential_id blob primary key,
  user_no integer not null references portal_user (no),
  name text not null,
  public_key blob not null,
  sign_count integer not null,
  transports text not null,
  user_verified integer not null,
  backup_eligible integer not null,
  backed_up integer not null,
  attestation_object blob not null,
  client_data blob not null,
  created_at_micros integer not null,
  last_used_at_micros integer
);
create index passkey_by_user on passkey (user_no);

-- Codes that are still good, as a keyed hash; a code that was used is gone.
create table recovery_code (
  user_no integer not null references portal_user (no),
  code_mac blob not null,
  primary key (user_no, code_mac)
) without rowid;

-- Staff may look at a customer's portal for a while; the session stays theirs.
create table session (
  id text primary key,
  user_no integer not null references portal_user (no),
  provider_no integer not null,
  stamp text not null,
  address text not null,
  started_at_micros integer not null,
  last_seen_at_micros integer not null,
  acting_account_no integer references account (no),
  acting_until_at_micros integer,
  ended_at_micros integer,
  changed_revision integer not null default 0
) without rowid;
create index session_by_user on session (user_no);
create index session_changed on session (changed_revision);
create index session_acting on session (acting_until_at_micros) where acting_account_no is not null;

-- Tries under an address, whether or not it is anybody's: nobody may learn from this which addresses are.
create table sign_in_tries (
  provider_no integer not null,
  email_key text not null,
  failures integer not null,
  last_at_micros integer not null,
  locked_until_at_micros integer,
  primary key (provider_no, email_key)
) without rowid;

-- Links in mails: a hash of each, good once and for one purpose.
create table mail_link (
  token_sha256 blob primary key,
  user_no integer not null references portal_user (no),
  purpose integer not null,
  email_key text not null,
  stamp text not null,
  issued_at_micros integer not null,
  expires_at_micros integer not null,
  used_at_micros integer
) without rowid;
create index mail_link_by_user on mail_link (user_no);

-- Forms that were sent: the same key again does nothing again, and is answered with what the first one led to.
create table form_key (
  user_no integer not null,
  form_key text not null,
  sent_at_micros integer not null,
  outcome blob,
  primary key (user_no, form_key)
) without rowid;
create index form_key_outcome on form_key (sent_at_micros) where outcome is not null;

-- The keys of cookies and forms, their secrets sealed with the key file.
create table data_protection_key (
  id text primary key,
  xml text not null,
  created_at_micros integer not null
) without rowid;

-- Something sealed, by which a node finds out whether its key file is the others'.
create table key_file_proof (
  no integer primary key,
  sealed blob not null
);

-- Who did what; rows are only ever inserted. It refers to nothing, so that nothing can keep it from being written.
create table audit_record (
  no integer primary key,
  at_micros integer not null,
  provider_no integer,
  user_no integer,
  account_no integer,
  act text not null,
  subject text not null,
  details text not null,
  before text not null default '',
  after text not null default '',
  address text not null
);
-- One for each way of asking, in the order of pages: the newest first. What strangers sent may be too long for an index.
create index audit_record_by_provider on audit_record (provider_no, at_micros, no);
create index audit_record_by_account on audit_record (account_no, at_micros, no);
create index audit_record_by_user on audit_record (user_no, at_micros, no);
create index audit_record_by_user_act on audit_record (user_no, act, at_micros, no);
create index audit_record_by_act on audit_record (provider_no, act, at_micros, no);
create index audit_record_by_subject on audit_record (provider_no, substr(subject, 1, 100), at_micros, no);

create trigger audit_record_stays before update on audit_record begin
  select raise(abort, 'records are only ever inserted');
end;
create trigger audit_record_stays_whole before delete on audit_record begin
  select raise(abort, 'records are only ever inserted');
end;
