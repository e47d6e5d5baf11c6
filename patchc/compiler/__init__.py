"""Graph to plan to `PatchModule`, and settings to parameters and back. Up to the plan, nothing here knows torch."""
