"""What people type on the claim page: one module for each part of it."""
