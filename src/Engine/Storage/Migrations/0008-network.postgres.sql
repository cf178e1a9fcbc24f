-- From where an account may send calls: on its own row as every call reads it, addresses between spaces; and once more
-- as ranges, 32 hexadecimal digits each, which overlap nowhere within a provider.
alter table account add column networks text not null default '';
alter table account add column network_version int not null default 0;

create table account_network (
  account_no bigint not null references account (no),
  provider_no int not null references provider (no),
  network text not null,
  first_address text not null,
  last_address text not null,
  primary key (account_no, network)
);
create unique index account_network_by_address on account_network (provider_no, first_address);

-- By which key it was last heard of.
alter table switch add column key_no bigint references access_key (no);

-- What people call a key, what it may read (bits), until when, and when it was last used.
alter table access_key add column name text not null default '';
alter table access_key add column scopes smallint not null default 0;
alter table access_key add column expires_at_micros bigint;
alter table access_key add column last_used_at_micros bigint;
update access_key set scopes = case kind when 0 then 7 when 1 then 24 else 56 end;
create index access_key_by_provider on access_key (provider_no, kind, no);
create index access_key_by_account on access_key (account_no, no) where account_no is not null;

-- Mails whose words are still kept, by age; and sign-ups that came to nothing.
create index mail_with_words on mail (provider_no, created_at_micros) where text_body is not null;
create index sign_up_to_forget on sign_up (provider_no, asked_at_micros)
  where account_no is null and password_hash is null;
