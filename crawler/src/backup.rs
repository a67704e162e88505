//! A copy of what is stored, and the way back.
//!
//! The database goes first and the snapshots after it: those it speaks of are kept by then, and what is kept never changes. So
//! the copy is whole though crawls go on meanwhile.

use std::path::{Path, PathBuf};

use entity::snapshot;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, QueryOrder, QuerySelect};

use crate::{Error, Snapshots};

/// What the copy of the database is called in its folder, beside the folder of snapshots.
const DATABASE: &str = "plangraph.db";
const SNAPSHOTS: &str = "snapshots";

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Bodies that were not there yet.
    pub copied: u64,
    /// Bodies that were there.
    pub kept: u64,
    /// Bodies that the database speaks of and that are not kept any more.
    pub missing: u64,
}

/// Copies a database and its snapshots into a folder. A copy that is there is brought up to date: only what is new is
/// written. Of PostgreSQL only the snapshots are copied.
///
/// # Errors
/// Where the folder cannot be written, or the database or a snapshot cannot be read.
pub async fn backup(db: &DatabaseConnection, snapshots: &Snapshots, folder: &Path) -> Result<Copied, Error> {
    std::fs::create_dir_all(folder).map_err(|e| unusable(folder, &e))?;
    let to = Snapshots::open(&folder.join(SNAPSHOTS).display().to_string())?;
    if db.get_database_backend() != DbBackend::Sqlite {
        return copy(db, snapshots, &to).await;
    }
    let (done, fresh) = (folder.join(DATABASE), folder.join(format!("{DATABASE}.new")));
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unusable(&fresh, &error)),
        _ => {}
    }
    db.execute_unprepared(&format!("VACUUM INTO '{}'", fresh.display().to_string().replace('\'', "''"))).await?;
    let copied = copy(&open(&fresh).await?, snapshots, &to).await?;
    // The last copy stays until this one is whole.
    std::fs::rename(&fresh, &done).map_err(|e| unusable(&done, &e))?;
    Ok(copied)
}

/// Puts a copy back: the database into a file that is not there yet, where one is named, and the snapshots into their place.
///
/// # Errors
/// Where the file is there, or something cannot be read or written.
pub async fn restore(folder: &Path, file: Option<&Path>, snapshots: &Snapshots) -> Result<Copied, Error> {
    let saved = folder.join(DATABASE);
    if !folder.join(SNAPSHOTS).is_dir() {
        return Err(Error::Backup { path: folder.to_owned(), reason: "there is no such copy".to_owned() });
    }
    let Some(file) = file else {
        return all(&Snapshots::open(&folder.join(SNAPSHOTS).display().to_string())?, snapshots).await;
    };
    if file.exists() {
        return Err(Error::Backup {
            path: file.to_owned(),
            reason: "it is there already; move it away first, with its -wal and -shm".to_owned(),
        });
    }
    let from = Snapshots::open(&folder.join(SNAPSHOTS).display().to_string())?;
    let copied = copy(&open(&saved).await?, &from, snapshots).await?;
    std::fs::copy(&saved, file).map_err(|e| unusable(file, &e))?;
    Ok(copied)
}

/// Opens a copy to read it, as it is.
async fn open(path: &Path) -> Result<DatabaseConnection, Error> {
    if !path.is_file() {
        return Err(Error::Backup { path: path.to_owned(), reason: "there is no such copy".to_owned() });
    }
    Ok(Database::connect(format!("sqlite://{}?mode=ro", path.display())).await?)
}

/// Copies the bodies that a database speaks of. Each is read whole, and is what its name says.
async fn copy(db: &DatabaseConnection, from: &Snapshots, to: &Snapshots) -> Result<Copied, Error> {
    let names = snapshot::Entity::find().select_only().column(snapshot::Column::Sha256).distinct();
    let names: Vec<String> = names.order_by_asc(snapshot::Column::Sha256).into_tuple().all(db).await?;
    copy_named(names, from, to).await
}

/// Copies all bodies that are kept.
async fn all(from: &Snapshots, to: &Snapshots) -> Result<Copied, Error> {
    copy_named(from.names().await?, from, to).await
}

async fn copy_named(names: Vec<String>, from: &Snapshots, to: &Snapshots) -> Result<Copied, Error> {
    let mut done = Copied::default();
    for name in names {
        if to.has(&name).await? {
            done.kept += 1;
        } else if from.has(&name).await? {
            to.put_as(&name, &from.get(&name).await?).await?;
            done.copied += 1;
        } else {
            done.missing += 1;
        }
    }
    Ok(done)
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::Backup { path: PathBuf::from(path), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use entity::{
        page, source,
        value::{Health, PageKind, PageState},
    };
    use sea_orm::{
        ActiveModelTrait,
        ActiveValue::{NotSet, Set},
        IntoActiveModel,
    };

    use super::*;
    use crate::{db, retention::prune};

    /// A page whose body came twice, first long ago; answers with the hashes.
    async fn fill(db: &DatabaseConnection, snapshots: &Snapshots) -> [String; 2] {
        let source = source::ActiveModel {
            slug: Set("s".to_owned()),
            name: Set("s".to_owned()),
            url: Set("http://s.example/".to_owned()),
            schedule: Set("0 0 2 * * *".to_owned()),
            min_plans: Set(0),
            min_indicators: Set(0),
            health: Set(Health::Ok),
            ..Default::default()
        };
        let source = source.insert(db).await.unwrap();
        let page = page::ActiveModel {
            source_id: Set(source.id),
            url: Set("http://s.example/a".to_owned()),
            kind: Set(PageKind::Article),
            state: Set(PageState::Fresh),
            due_at: Set(db::now()),
            attempts: Set(0),
            revisit_hours: Set(24),
            ..Default::default()
        };
        let page = page.insert(db).await.unwrap();
        let (mut hashes, mut last) = (Vec::new(), None);
        for (body, days) in [("first", 400), ("second", 300)] {
            let sha256 = snapshots.put(body.as_bytes()).await.unwrap();
            let row = snapshot::ActiveModel {
                id: NotSet,
                page_id: Set(page.id),
                url: Set(page.url.clone()),
                fetched_at: Set(db::now() - chrono::TimeDelta::days(days)),
                sha256: Set(sha256.clone()),
                media_type: Set(None),
                headers: Set("{}".to_owned()),
                size: Set(5),
            };
            last = Some(row.insert(db).await.unwrap().id);
            hashes.push(sha256);
        }
        let mut page = page.into_active_model();
        page.snapshot_id = Set(last);
        page.update(db).await.unwrap();
        hashes.try_into().unwrap()
    }

    fn at(folder: &Path, name: &str) -> Snapshots {
        Snapshots::open(&folder.join(name).display().to_string()).unwrap()
    }

    #[tokio::test]
    async fn a_copy_is_put_back_as_it_was() {
        let (database, folder) = (support::sqlite().await, tempfile::tempdir().unwrap());
        let (kept, copy) = (at(folder.path(), "kept"), folder.path().join("copy's"));
        let hashes = fill(&database.connection, &kept).await;
        let first = backup(&database.connection, &kept, &copy).await.unwrap();
        assert_eq!(first, Copied { copied: 2, kept: 0, missing: 0 });
        let second = backup(&database.connection, &kept, &copy).await.unwrap();
        assert_eq!(second, Copied { copied: 0, kept: 2, missing: 0 });

        let (file, snapshots) = (folder.path().join("back.db"), at(folder.path(), "back"));
        assert_eq!(restore(&copy, Some(&file), &snapshots).await.unwrap().copied, 2);
        assert_eq!(snapshots.get(&hashes[1]).await.unwrap(), b"second");
        let db = migration::open(&format!("sqlite://{}", file.display())).await.unwrap();
        assert_eq!(snapshot::Entity::find().all(&db).await.unwrap().len(), 2);
        let error = restore(&copy, Some(&file), &snapshots).await.unwrap_err().to_string();
        assert!(error.contains("back.db") && error.contains("there already"), "{error}");
        let none = folder.path().join("none");
        assert!(restore(&none, None, &snapshots).await.is_err() && !none.exists());
        let error = restore(folder.path(), Some(&folder.path().join("x.db")), &snapshots).await.unwrap_err();
        assert!(error.to_string().contains("no such copy"), "{error}");
    }

    #[tokio::test]
    async fn the_last_body_of_a_page_stays_however_old_it_is() {
        for database in support::databases("crawler_prune").await {
            let folder = tempfile::tempdir().unwrap();
            let (db, kept) = (&database.connection, at(folder.path(), "kept"));
            let hashes = fill(db, &kept).await;
            let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
            assert_eq!(prune(db, &kept, days(500)).await.unwrap(), 0);
            assert_eq!(prune(db, &kept, days(10)).await.unwrap(), 1);
            assert!(!kept.has(&hashes[0]).await.unwrap() && kept.has(&hashes[1]).await.unwrap());
            assert_eq!(prune(db, &kept, days(10)).await.unwrap(), 0);
        }
    }
}
