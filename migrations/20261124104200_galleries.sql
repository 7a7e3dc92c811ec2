-- A gallery that was public and shall not be any more: its page answers 410.

alter table galleries add column withdrawn_at timestamptz;
