"""Tests of the checkout's own tools and of the files that deploy Palier."""
