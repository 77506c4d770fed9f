-- Models and their turns: put in by the operator, read by the worker; nobody changes or removes a line.
drop policy if exists worker_all on alerts.model;
create policy worker_all on alerts.model to chevet_worker using (true) with check (true);
grant select, insert on alerts.model to chevet_worker;
drop policy if exists worker_all on alerts.model_turn;
create policy worker_all on alerts.model_turn to chevet_worker using (true) with check (true);
grant select, insert on alerts.model_turn to chevet_worker;
