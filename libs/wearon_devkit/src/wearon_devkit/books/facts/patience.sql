-- How long something may look unfinished before it counts.
select
    clock_timestamp() - %(in_flight)s::interval as in_flight_since,
    clock_timestamp() - %(lease_overdue)s::interval as lease_overdue_since,
    clock_timestamp() - %(waiting_long)s::interval as waiting_long_since
