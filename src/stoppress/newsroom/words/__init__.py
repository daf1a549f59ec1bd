"""Values that models, forms and readers' pages share."""

PUBLIC_UPDATE_KINDS = ("update", "correction", "clarification", "retraction")
