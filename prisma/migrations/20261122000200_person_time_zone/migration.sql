-- Where Slack says that a person is, so that “monday 09:00” means their Monday. Null: it did not say.
ALTER TABLE "person" ADD COLUMN "time_zone" TEXT;
