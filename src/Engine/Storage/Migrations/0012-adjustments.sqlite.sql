-- Moves between two wallets of one account: few, and an audit looks at all of them.
create index entry_transfer on entry (wallet_no, seq) where kind = 11;

-- Money that came past every gateway, as staff recorded it; what it is stands in the approval.
create table offline_payment (
  no integer primary key,
  approval_id text not null unique,
  provider_no integer not null references provider (no),
  account_no integer not null references account (no),
  method integer not null,
  reference text not null,
  recorded_at_micros integer not null,
  declined integer not null default 0,
  payment_no integer unique references payment (no),
  return_approval_id text unique
);
create unique index offline_payment_once on offline_payment (account_no, method, reference) where declined = 0;
create index offline_payment_by_account on offline_payment (account_no, no);

-- How to pay in ways that no gateway brings, in words; rows are only added, and each counts from its instant on until
-- the next.
create table payment_instruction (
  no integer primary key,
  provider_no integer not null references provider (no),
  method integer not null,
  language integer not null,
  text text not null,
  from_micros integer not null,
  saved_at_micros integer not null,
  saved_by text not null
);
create index payment_instruction_in_force on payment_instruction (provider_no, method, language, from_micros, no);
