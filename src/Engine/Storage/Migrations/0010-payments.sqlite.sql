-- What customers are asked to pay to raise a balance, from the first click on; amounts are micros, instants
-- microseconds since 1970 UTC.
create table deposit (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  account_no integer not null references account (no),
  wallet text not null,
  state integer not null,
  base_micros integer not null,
  currency text not null,
  country text not null,
  region text not null,
  tax_date text not null,
  lines text not null,
  created_at_micros integer not null,
  created_by text not null,
  ended_at_micros integer,
  ended_by text,
  paid_by_no integer
);
create index deposit_by_account on deposit (account_no, no);

-- Each try to pay one, at one gateway.
create table payment (
  no integer primary key,
  id text not null unique,
  deposit_no integer not null references deposit (no),
  provider_no integer not null references provider (no),
  account_no integer not null,
  gateway text not null,
  method integer not null,
  state integer not null,
  asked_micros integer not null,
  currency text not null,
  created_at_micros integer not null,
  created_by text not null,
  credited_at_micros integer
);
create index payment_by_deposit on payment (deposit_no, no);
create index payment_to_credit on payment (no) where state = 4 and credited_at_micros is null;

-- All that gateways said, as it came, once each.
create table payment_event (
  no integer primary key,
  gateway text not null,
  event_id text not null,
  payment_no integer not null references payment (no),
  kind integer not null,
  at_micros integer not null,
  amount_micros integer,
  currency text,
  reference text not null,
  detail integer not null,
  code text not null,
  raw text not null,
  received_at_micros integer not null
);
create unique index payment_event_once on payment_event (gateway, event_id);
create index payment_event_by_payment on payment_event (payment_no, no)
