//! Bodies as they came, kept by their SHA-256.

use std::{env, path::Path as FilePath, sync::Arc, time::Duration};

use futures::TryStreamExt as _;
use object_store::{
    Error as StoreError, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig, aws::AmazonS3Builder,
    local::LocalFileSystem, path::Path,
};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{Error, tls};

/// What zstd is told: the default, quick and small enough.
const LEVEL: i32 = 3;

/// How long a bucket that is away is asked again. After that the crawl is told, which waits in the queue and tries again.
const PATIENCE: Duration = Duration::from_secs(20);

/// The place where bodies are kept, compressed with zstd, under `ab/abcd….zst`. Clones share it.
#[derive(Clone, Debug)]
pub struct Snapshots {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    location: String,
}

impl Snapshots {
    /// Opens a folder (also as `file:///var/snapshots`), which is made where it does not exist, or a bucket of S3 or of what
    /// speaks like it: `s3://BUCKET/PREFIX`.
    /// Whose it is and where, the environment says as it says to other programs: `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`; without keys, the role of the machine.
    ///
    /// # Errors
    /// [`Error::Snapshots`] where the folder cannot be made or the URL is of another store.
    pub fn open(location: &str) -> Result<Self, Error> {
        let bad = |message: String| Error::Snapshots { location: location.to_owned(), message };
        let (store, prefix): (Arc<dyn ObjectStore>, _) = match location.split_once("://") {
            Some(("s3", _)) => {
                let prefix = Url::parse(location).map_err(|e| bad(e.to_string()))?;
                let prefix = Path::from_url_path(prefix.path()).map_err(|e| bad(e.to_string()))?;
                (Arc::new(bucket(location).map_err(|e| bad(e.to_string()))?), prefix)
            }
            None | Some(("file", _)) => {
                let folder = FilePath::new(location.strip_prefix("file://").unwrap_or(location));
                std::fs::create_dir_all(folder).map_err(|e| bad(e.to_string()))?;
                let store = LocalFileSystem::new_with_prefix(folder).map_err(|e| bad(e.to_string()))?;
                (Arc::new(store), Path::default())
            }
            Some(_) => return Err(bad("it is neither a folder nor s3://BUCKET/PREFIX".to_owned())),
        };
        Ok(Self { store, prefix, location: location.to_owned() })
    }

    /// Whether the body with this SHA-256 is kept.
    ///
    /// # Errors
    /// [`Error::Snapshots`] where the store cannot be read.
    pub async fn has(&self, sha256: &str) -> Result<bool, Error> {
        match self.store.head(&self.path(sha256)).await {
            Ok(_) => Ok(true),
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(e) => Err(self.error(&e)),
        }
    }

    /// Keeps a body; answers with its SHA-256 in lower-case hex. One that is kept already is not written again.
    ///
    /// # Errors
    /// [`Error::Snapshots`] where the store cannot be written.
    pub async fn put(&self, body: &[u8]) -> Result<String, Error> {
        let sha256 = sha256(body);
        self.put_as(&sha256, body).await?;
        Ok(sha256)
    }

    /// Keeps a body whose SHA-256 is known already, unless it is kept.
    pub(crate) async fn put_as(&self, sha256: &str, body: &[u8]) -> Result<(), Error> {
        if self.has(sha256).await? { Ok(()) } else { self.write(sha256, body).await }
    }

    /// Writes a body that is hardly kept already.
    pub(crate) async fn write(&self, sha256: &str, body: &[u8]) -> Result<(), Error> {
        let packed = zstd::bulk::compress(body, LEVEL).map_err(|e| self.error(&e))?;
        // Whoever writes it at the same time writes the same.
        self.store.put(&self.path(sha256), packed.into()).await.map_err(|e| self.error(&e))?;
        Ok(())
    }

    /// The body with this SHA-256.
    ///
    /// # Errors
    /// [`Error::Snapshots`] where it is not kept or not readable, or is not what was kept.
    pub async fn get(&self, sha256: &str) -> Result<Vec<u8>, Error> {
        let packed = self.store.get(&self.path(sha256)).await.map_err(|e| self.error(&e))?;
        let packed = packed.bytes().await.map_err(|e| self.error(&e))?;
        let body = zstd::stream::decode_all(packed.as_ref()).map_err(|e| self.error(&e))?;
        if self::sha256(&body) == sha256 { Ok(body) } else { Err(self.error(&format!("{sha256} is damaged"))) }
    }

    /// Drops a body; answers whether it was kept.
    pub(crate) async fn drop(&self, sha256: &str) -> Result<bool, Error> {
        let is_kept = self.has(sha256).await?;
        if is_kept {
            self.store.delete(&self.path(sha256)).await.map_err(|e| self.error(&e))?;
        }
        Ok(is_kept)
    }

    /// The SHA-256 of every body that is kept.
    pub(crate) async fn names(&self) -> Result<Vec<String>, Error> {
        let files: Vec<_> = self.store.list(Some(&self.prefix)).try_collect().await.map_err(|e| self.error(&e))?;
        let name = |file: &ObjectMeta| file.location.filename()?.strip_suffix(".zst").map(ToOwned::to_owned);
        Ok(files.iter().filter_map(name).collect())
    }

    fn path(&self, sha256: &str) -> Path {
        // 256 folders, few enough that most are there already: making one takes longer than writing a body. The hash is ASCII.
        self.prefix.clone().join(sha256.get(..2).unwrap_or_default()).join(format!("{sha256}.zst"))
    }

    fn error(&self, message: &impl ToString) -> Error {
        Error::Snapshots { location: self.location.clone(), message: message.to_string() }
    }
}

/// The bucket of a URL, by what the environment says.
fn bucket(url: &str) -> Result<impl ObjectStore + use<>, StoreError> {
    tls::provide();
    let said = env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let said = said.filter(|(name, value)| name.starts_with("AWS_") && !value.is_empty());
    let bucket = said.fold(AmazonS3Builder::new(), |bucket, (name, value)| {
        match name.to_ascii_lowercase().parse() {
            Ok(key) => bucket.with_config(key, value),
            // It is for others.
            Err(_) => bucket,
        }
    });
    let retry = RetryConfig { retry_timeout: PATIENCE, ..RetryConfig::default() };
    // An address without TLS is asked only where somebody has given it.
    bucket.with_url(url).with_allow_http(true).with_retry(retry).build()
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16);
    Sha256::digest(bytes).iter().flat_map(|byte| [byte >> 4, byte & 0xf]).filter_map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_a_body_once_and_gives_it_back() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("deep/down");
        let body = "工作要点".repeat(1000).into_bytes();
        for location in [inside.display().to_string(), format!("file://{}", inside.display())] {
            let snapshots = Snapshots::open(&location).unwrap();
            let sha256 = snapshots.put(&body).await.unwrap();
            assert_eq!(snapshots.put(&body).await.unwrap(), sha256);
            assert!(snapshots.has(&sha256).await.unwrap() && !snapshots.has(&"0".repeat(64)).await.unwrap());
            assert_eq!(snapshots.get(&sha256).await.unwrap(), body);
            let file = inside.join(&sha256[..2]).join(format!("{sha256}.zst"));
            assert!(file.metadata().unwrap().len() < 1000);
        }
    }

    #[tokio::test]
    async fn says_where_it_failed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "x").unwrap();
        let message = Snapshots::open(&file.display().to_string()).unwrap_err().to_string();
        assert!(message.contains("file"), "{message}");
        assert!(Snapshots::open("nostore://x").unwrap_err().to_string().contains("nostore"));
        let bucket = Snapshots::open("s3://pages/of/plans").unwrap();
        assert_eq!(bucket.path("abcd").to_string(), "of/plans/ab/abcd.zst");
        let snapshots = Snapshots::open(&folder.path().display().to_string()).unwrap();
        assert!(snapshots.get(&"0".repeat(64)).await.is_err());
    }
}
