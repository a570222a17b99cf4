"""The API of `signalements`: drafts, transmission, neutral statuses and receipts, information of the household."""
