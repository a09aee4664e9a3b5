-- What running workflows are told holds the label of the version that is live: a new one is told of wherever it is.
CREATE FUNCTION "label_tells"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM "tell_resolved_change"(d."workspace_id", d."environment_id", d."workflow_id")
        FROM "deployment" d WHERE d."version_id" = NEW."id" AND d."status" = 'active';
    RETURN NULL;
END;
$$;
CREATE TRIGGER "version_label_tells" AFTER UPDATE OF "label" ON "version"
    FOR EACH ROW WHEN (OLD."label" IS DISTINCT FROM NEW."label") EXECUTE FUNCTION "label_tells"();

-- Changes are seen when they are committed, which is not in the order of their numbers. What a look may not have seen yet are
-- exactly the changes of transactions that were under way then or began later.
ALTER TABLE "resolved_change" ADD COLUMN "xid" xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX "resolved_change_xid_idx" ON "resolved_change"("xid");
