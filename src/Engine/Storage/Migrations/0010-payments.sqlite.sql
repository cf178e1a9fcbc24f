-- Gateways that a provider has signed up for; the secrets are sealed with the key file.
create table gateway (
  no integer primary key,
  provider_no integer not null references provider (no),
  kind integer not null,
  enabled integer not null,
  secrets blob not null,
  version integer not null,
  changed_at_micros integer not null,
  changed_by text not null
);
create unique index gateway_once on gateway (provider_no, kind);

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
  paid_by_no integer,
  taking_no integer
);
create index deposit_by_account on deposit (account_no, no);
create index deposit_outstanding on deposit (provider_no, created_at_micros) where state = 1;

-- Cards that customers left at a gateway: never a number, only what names it there.
create table card (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  account_no integer not null references account (no),
  gateway text not null,
  customer text not null,
  token text not null,
  facts text not null,
  fingerprint text not null,
  created_at_micros integer not null,
  created_by text not null,
  removed_at_micros integer,
  reminded_at_micros integer
);
create index card_by_account on card (account_no, no);
create index card_by_fingerprint on card (provider_no, fingerprint);

-- Pages at a gateway on which a customer was to leave a card.
create table card_setup (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  account_no integer not null references account (no),
  gateway text not null,
  reference text,
  created_at_micros integer not null,
  created_by text not null,
  card_no integer,
  refusal text,
  next_at_micros integer
);
create index card_setup_next on card_setup (next_at_micros) where next_at_micros is not null;

-- Each try to pay a deposit, at one gateway. next_at: when a node looks at it again, whatever was heard or not.
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
  credited_at_micros integer,
  reference text,
  money_reference text,
  page_url text,
  back_url text,
  card_no integer,
  billing_day text,
  attempt integer,
  next_at_micros integer,
  looks integer not null default 0
);
create index payment_by_deposit on payment (deposit_no, no);
create index payment_to_credit on payment (no) where credited_at_micros is null and state in (4, 7, 8, 9, 10);
create index payment_next on payment (next_at_micros) where next_at_micros is not null;
create unique index payment_by_reference on payment (provider_no, gateway, reference);
create unique index payment_by_money on payment (provider_no, gateway, money_reference);
create unique index payment_automatic on payment (account_no, billing_day, attempt);
create index payment_by_card on payment (card_no, no) where card_no is not null;

-- All that gateways said, as it came, once each; without a payment where none is known of what they said.
create table payment_event (
  no integer primary key,
  provider_no integer not null,
  gateway text not null,
  event_id text not null,
  payment_no integer references payment (no),
  target text,
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
create unique index payment_event_once on payment_event (provider_no, gateway, event_id);
create index payment_event_by_payment on payment_event (payment_no, no);
create index payment_event_unmatched on payment_event (provider_no, no) where payment_no is null and target is not null;

-- Automatic billing of an account: on or off, the card stays (R20).
create table automatic_billing (
  account_no integer primary key references account (no),
  provider_no integer not null references provider (no),
  is_on integer not null,
  card_no integer,
  wallet text not null,
  threshold_micros integer not null,
  amount_micros integer not null,
  declines integer not null,
  next_at_micros integer,
  told_day text,
  counted_no integer,
  halted text,
  wakes integer not null default 0,
  version integer not null,
  changed_at_micros integer not null,
  changed_by text not null
);
create index automatic_billing_next on automatic_billing (next_at_micros) where next_at_micros is not null;

-- Where it watches the balance less what calls hold; null: it does not.
alter table wallet add column automatic_micros integer;
create index crossing_automatic on crossing (n) where kind = 4 and noticed = 0;

-- Money that goes back to whence it came, with its taxes.
create table refund (
  no integer primary key,
  id text not null unique,
  payment_no integer not null references payment (no),
  deposit_no integer not null references deposit (no),
  provider_no integer not null references provider (no),
  account_no integer not null references account (no),
  state integer not null,
  base_micros integer not null,
  currency text not null,
  lines text not null,
  reason text not null,
  asked_at_micros integer not null,
  asked_by text not null,
  gateway_id text,
  wallet_no integer,
  entry_seq integer,
  next_at_micros integer
);
create unique index refund_at_gateway on refund (payment_no, gateway_id);
create index refund_by_payment on refund (payment_no, no);
create index refund_next on refund (next_at_micros) where next_at_micros is not null;

-- Money that a bank asks back, and what that did in the books (ACC-02).
create table dispute (
  no integer primary key,
  payment_no integer not null references payment (no),
  deposit_no integer not null references deposit (no),
  provider_no integer not null references provider (no),
  account_no integer not null references account (no),
  gateway_id text not null,
  stage integer not null,
  amount_micros integer not null,
  currency text not null,
  at_micros integer not null,
  base_micros integer,
  lines text,
  due_micros integer,
  wallet_no integer,
  entry_seq integer,
  reversed integer not null default 0,
  told_stage integer not null default 0,
  next_at_micros integer
);
create unique index dispute_at_gateway on dispute (payment_no, gateway_id);
create index dispute_next on dispute (next_at_micros) where next_at_micros is not null;
create index dispute_open on dispute (provider_no, no) where stage = 1;
