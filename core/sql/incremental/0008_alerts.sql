-- purpose: placeholder
select 1;
