-- Why customers are not charged a tax (TAX-CA-04): what they declared, word for word, and what staff decided. Dates are
-- local days, both ends included; instants microseconds since 1970 UTC. Rows are never deleted.
create table tax_exemption (
  no integer primary key,
  id text not null unique,
  provider_no integer not null references provider (no),
  account_no integer not null references account (no),
  class integer not null,
  place text not null,
  tax_code text,
  number text,
  certificate text,
  resale_declared integer not null,
  state integer not null,
  from_date text not null,
  to_date text,
  declaration_version integer not null,
  declaration text not null,
  asked_at_micros integer not null,
  asked_by_user_no integer,
  asked_by text not null,
  asked_from text not null,
  approval_id text,
  active_at_micros integer,
  decided_at_micros integer,
  decided_by text,
  remark text not null default '',
  ended_date text,
  ended_at_micros integer,
  ended_by text,
  version integer not null
);
create index tax_exemption_by_account on tax_exemption (account_no, no);

-- What customers sent as proof; given back as it came, and never shown within a page.
create table tax_certificate (
  exemption_no integer primary key references tax_exemption (no),
  name text not null,
  media_type text not null,
  content blob not null
);

-- What one currency was worth in another on a day, as staff entered it. Rows are only added: of several for one day
-- the last one counts.
create table exchange_rate (
  no integer primary key,
  provider_no integer not null references provider (no),
  from_currency text not null,
  to_currency text not null,
  day text not null,
  rate_e8 integer not null,
  source text not null,
  remark text not null,
  saved_at_micros integer not null,
  saved_by text not null
);
create index exchange_rate_by_day on exchange_rate (provider_no, from_currency, to_currency, day, no)
