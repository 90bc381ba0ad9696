"""The observatory for programs: one territory, the providers, an outage, as JSON that is read and never written."""
