-- The books: wallets, what is held, what was posted, the calls. Amounts are micros, instants microseconds since 1970 UTC.

-- One customer balance. House accounts have no row: they are summed from postings.
CREATE TABLE wallet (
  no integer PRIMARY KEY,
  account_no integer NOT NULL,
  provider_no integer NOT NULL,
  name text NOT NULL,
  currency text NOT NULL,
  ledger_code text NOT NULL,
  balance_micros integer NOT NULL DEFAULT 0,
  held_micros integer NOT NULL DEFAULT 0,
  seq integer NOT NULL DEFAULT 0,
  calls integer NOT NULL DEFAULT 0,
  chain blob NOT NULL,
  last_at_micros integer NOT NULL DEFAULT 0,
  floors text NOT NULL DEFAULT '',
  line_use text NOT NULL DEFAULT '',
  day integer NOT NULL DEFAULT 0,
  day_calls integer NOT NULL DEFAULT 0,
  day_spent_micros integer NOT NULL DEFAULT 0,
  month_spent_micros integer NOT NULL DEFAULT 0,
  UNIQUE (account_no, name)
);

-- What was spent on days before the one that stands on the wallet; day counts from 1970-01-01, local.
CREATE TABLE wallet_day (
  wallet_no integer NOT NULL,
  day integer NOT NULL,
  calls integer NOT NULL,
  spent_micros integer NOT NULL,
  PRIMARY KEY (wallet_no, day)
) WITHOUT ROWID;

-- How low a wallet may go, and when; rows are only added, the latest recorded one in force rules.
CREATE TABLE floor_record (
  wallet_no integer NOT NULL,
  n integer NOT NULL,
  from_at_micros integer NOT NULL,
  until_at_micros integer,
  floor_micros integer NOT NULL,
  recorded_at_micros integer NOT NULL,
  recorded_by text NOT NULL,
  PRIMARY KEY (wallet_no, n)
) WITHOUT ROWID;

CREATE TABLE hold (
  call_key blob PRIMARY KEY,
  wallet_no integer NOT NULL,
  account_no integer NOT NULL,
  switch_no integer NOT NULL,
  call text NOT NULL,
  billable integer NOT NULL,
  expires_at_micros integer NOT NULL,
  expired_at_micros integer,
  held_micros integer NOT NULL,
  details blob NOT NULL
) WITHOUT ROWID;

CREATE TABLE renewal (
  call_key blob NOT NULL,
  elapsed_seconds integer NOT NULL,
  granted_seconds integer NOT NULL,
  held_micros integer NOT NULL,
  final integer NOT NULL,
  renew_in_seconds integer NOT NULL,
  PRIMARY KEY (call_key, elapsed_seconds)
) WITHOUT ROWID;

CREATE TABLE entry (
  wallet_no integer NOT NULL,
  seq integer NOT NULL,
  kind integer NOT NULL,
  amount_micros integer NOT NULL,
  balance_micros integer NOT NULL,
  occurred_at_micros integer NOT NULL,
  recorded_at_micros integer NOT NULL,
  call_n integer,
  reference text,
  reverses_seq integer,
  hash blob NOT NULL,
  PRIMARY KEY (wallet_no, seq)
) WITHOUT ROWID;

-- Which calls' charges were taken back: few, and asked about by every list of calls.
CREATE INDEX entry_taking_back ON entry (wallet_no, call_n) WHERE reverses_seq IS NOT NULL;

-- R61: when a customer last paid; calls are not in it.
CREATE INDEX entry_deposit ON entry (wallet_no, seq) WHERE kind = 5;

CREATE TABLE posting (
  wallet_no integer NOT NULL,
  seq integer NOT NULL,
  n integer NOT NULL,
  debit text NOT NULL,
  credit text NOT NULL,
  amount_micros integer NOT NULL CHECK (amount_micros > 0),
  PRIMARY KEY (wallet_no, seq, n)
) WITHOUT ROWID;

-- Keys of entries that are not calls: the same key again is the same entry again.
CREATE TABLE entry_key (
  key blob PRIMARY KEY,
  wallet_no integer NOT NULL,
  seq integer NOT NULL,
  content blob NOT NULL,
  balance_micros integer NOT NULL,
  amount_micros integer NOT NULL
);

CREATE TABLE crossing (
  n integer PRIMARY KEY,
  wallet_no integer NOT NULL,
  seq integer NOT NULL,
  kind integer NOT NULL,
  downwards integer NOT NULL,
  threshold_micros integer NOT NULL,
  balance_micros integer NOT NULL,
  at_micros integer NOT NULL
);
CREATE INDEX crossing_by_wallet ON crossing (wallet_no, n);

-- An end that came for a call nobody had asked about: for ten minutes it refuses that call's late authorize.
CREATE TABLE end_mark (
  call_key blob PRIMARY KEY,
  until_at_micros integer NOT NULL
);

CREATE TABLE call (
  wallet_no integer NOT NULL,
  n integer NOT NULL,
  call_key blob NOT NULL,
  account_no integer NOT NULL,
  switch_no integer NOT NULL,
  call text NOT NULL,
  direction integer NOT NULL,
  from_number text NOT NULL,
  to_number text NOT NULL,
  billable integer NOT NULL,
  currency text NOT NULL,
  started_at_micros integer NOT NULL,
  answered_at_micros integer,
  ended_at_micros integer NOT NULL,
  recorded_at_micros integer NOT NULL,
  seconds integer NOT NULL,
  granted_seconds integer,
  billed_seconds integer NOT NULL,
  overrun_seconds integer NOT NULL,
  disposition integer NOT NULL,
  sip_code integer,
  stale integer NOT NULL,
  charge_micros integer NOT NULL,
  tax_micros integer NOT NULL,
  balance_micros integer NOT NULL,
  entry_seq integer,
  end_content blob NOT NULL,
  first_answer text,
  policy_version integer NOT NULL,
  deck_no integer NOT NULL,
  deck_version integer NOT NULL,
  prefix text NOT NULL,
  destination text NOT NULL,
  rate_e8 integer NOT NULL,
  terms text NOT NULL,
  PRIMARY KEY (wallet_no, n)
) WITHOUT ROWID;
CREATE INDEX call_by_key ON call (call_key);
