-- A token of an application may be let report what it found out about versions, and nothing else.
ALTER TABLE "api_token"
    DROP CONSTRAINT "api_token_scopes_check",
    DROP CONSTRAINT "api_token_environment_check",
    ADD CONSTRAINT "api_token_scopes_check" CHECK ("scopes" <@ ARRAY['resolve', 'runs', 'secrets:read', 'agents', 'read', 'push', 'deploy', 'promote', 'checks']),
    ADD CONSTRAINT "api_token_environment_check" CHECK (
        CASE WHEN "environment_id" IS NULL THEN "scopes" <@ ARRAY['read', 'push', 'deploy', 'promote', 'checks']
        ELSE "scopes" <@ ARRAY['resolve', 'runs', 'secrets:read', 'agents'] END);
