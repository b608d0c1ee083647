"""Tests: one file a module, one plain sentence a test."""
