"""Reading evidence, deciding whether it answers, composing what is shown."""
