insert into revision (what, number) values ('sales_tax', 0);

-- Dated rates of sales taxes by place. A row's end is entered when its successor is; nothing else of it changes.
create table sales_tax_rate (
  place text not null,
  code text not null,
  name text not null,
  code_french text not null,
  parts_per_million integer not null,
  base integer not null,
  from_date text not null,
  to_date text,
  lifted_by_resale integer not null,
  saved_at_micros integer not null,
  saved_by text not null,
  primary key (place, code, from_date)
);

-- Under which numbers a provider charges taxes. Rows are added; an open one gets its last day.
create table tax_registration (
  no integer primary key,
  provider_no integer not null references provider (no),
  register integer not null,
  number text not null,
  from_date text not null,
  to_date text,
  saved_at_micros integer not null,
  saved_by text not null
);
create unique index tax_registration_by_provider on tax_registration (provider_no, register, from_date)
