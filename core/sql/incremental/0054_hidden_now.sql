-- Whether an item is hidden from anybody is asked of every line of a page.
create index item_hidden_now on access.item_hidden (item_id) where ended_at is null;
