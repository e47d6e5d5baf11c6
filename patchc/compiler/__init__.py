"""Graph to plan to `PatchModule`, and settings to parameters and back. `knobs`, `expr`, `cables` and `plan` know no torch."""
