-- A proposed change of settings has a message of its own, which follows what becomes of it.
ALTER TABLE "announcement"
    DROP CONSTRAINT "announcement_kind_check",
    ADD CONSTRAINT "announcement_kind_check"
        CHECK ("kind" IN ('promotion-card', 'promotion-story', 'deployment-receipt', 'rollback-receipt', 'settings-card', 'notice'));
