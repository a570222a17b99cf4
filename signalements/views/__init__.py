"""Pages of `signalements`: one named part per reader."""
