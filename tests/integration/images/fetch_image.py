from wearon_common.images import ImageFetcher


async def fetch_image(fetcher: ImageFetcher, url: str) -> bytes:
    """Fetch an image, and keep it beyond its context."""
    async with fetcher.fetched(url) as image:
        return image
