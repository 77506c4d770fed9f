-- purpose: a questionnaire of a plan counts its days from the day it was added
-- kind: pre
-- lock: short, one column without a default
-- rollback: forward only
alter table questionnaires.plan_line add column first_day date;
comment on column questionnaires.plan_line.first_day is
    'The day from which its rhythm counts (day 0); null: the first day of the plan.';
