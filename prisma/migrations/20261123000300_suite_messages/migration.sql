-- A run of a suite that somebody asked for in Slack has a message of its own, which follows it to its end.
ALTER TABLE "announcement"
    DROP CONSTRAINT "announcement_kind_check",
    ADD CONSTRAINT "announcement_kind_check"
        CHECK ("kind" IN ('promotion-card', 'promotion-story', 'deployment-receipt', 'rollback-receipt', 'settings-card', 'suite-run', 'notice'));
