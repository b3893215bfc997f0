"""Finds what is listed and fetches it: the Scrapy project."""
