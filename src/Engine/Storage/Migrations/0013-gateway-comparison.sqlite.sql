-- What moved at gateways, as the nightly comparison read it; amounts are micros, positive where it came to us.
create table gateway_movement (
  no integer primary key,
  provider_no integer not null references provider (no),
  gateway text not null,
  movement_id text not null,
  kind integer not null,
  at_micros integer not null,
  money_reference text,
  gross_micros integer not null,
  fee_micros integer not null,
  currency text not null,
  payment_no integer
);
create unique index gateway_movement_once on gateway_movement (provider_no, gateway, movement_id);
create index gateway_movement_by_money on gateway_movement (provider_no, gateway, money_reference);

-- Where gateway and books do not say the same, until somebody has looked at it.
create table gateway_difference (
  no integer primary key,
  provider_no integer not null references provider (no),
  gateway text not null,
  difference_id text not null,
  kind integer not null,
  payment_id text,
  account_no integer,
  gateway_micros integer,
  books_micros integer,
  currency text not null,
  at_micros integer not null,
  found_at_micros integer not null,
  seen_at_micros integer,
  seen_by text,
  remark text not null default ''
);
create unique index gateway_difference_once on gateway_difference (provider_no, gateway, difference_id);
create index gateway_difference_open on gateway_difference (provider_no, no) where seen_at_micros is null;

-- Up to when each gateway has been compared.
create table gateway_compared (
  provider_no integer not null references provider (no),
  gateway text not null,
  until_micros integer not null,
  primary key (provider_no, gateway)
);
