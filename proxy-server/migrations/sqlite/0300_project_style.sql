-- What a project adds to the style pack, as JSON; none while it adds nothing.
ALTER TABLE projects ADD COLUMN style TEXT;
