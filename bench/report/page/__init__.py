"""All sections of a report, each made by itself (`context`), printed through templates (`render`)."""
