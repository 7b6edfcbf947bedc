"""What one reads, follows or fills in: guides, documents, points, a ticket, a rating, an upload."""
