create table report (
    id            uuid primary key,
    item          varchar(64) not null,
    created_at    timestamp(3) with time zone not null,
    asked         integer not null,
    answered      integer not null,
    render_millis bigint not null,
    text          varchar(65536) not null
);

create index report_by_age on report (created_at);

create table figure (
    report_id uuid not null references report (id) on delete cascade,
    position  integer not null,
    name      varchar(64) not null,
    amount    numeric(18, 2) not null,
    primary key (report_id, position)
);
