"""What results say of claims."""
