//! Regions by code or name.

use std::{collections::HashMap, sync::Arc};

use entity::{region, region_alias};
use futures::{future::try_join_all, try_join};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};

use crate::{
    Error,
    batch::Loader,
    load::{Database, Loaders, RegionId},
    text,
};

/// The divisions that a code or a name may mean, all equally good.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RegionName(pub(crate) String);

impl Loader<RegionName> for Database {
    type Value = Vec<Arc<region::Model>>;

    async fn load(&self, keys: &[RegionName]) -> Result<HashMap<RegionName, Self::Value>, Error> {
        let names: Vec<&str> = keys.iter().map(|key| key.0.as_str()).collect();
        let aliases = region_alias::Entity::find()
            .filter(region_alias::Column::Alias.is_in(names.clone()))
            .find_both_related(region::Entity);
        let named = Condition::any()
            .add(region::Column::Code.is_in(names.clone()))
            .add(region::Column::Name.is_in(names.clone()))
            .add(region::Column::ShortName.is_in(names));
        let named = region::Entity::find().filter(named);
        let (aliases, named) = try_join!(aliases.all(&self.0), named.all(&self.0))?;
        let aliases: Vec<_> = aliases.into_iter().map(|(row, region)| (row.alias, Arc::new(region))).collect();
        let named: Vec<_> = named.into_iter().map(Arc::new).collect();

        let mut candidates: HashMap<&str, Vec<(Fit, &Arc<region::Model>)>> = HashMap::new();
        for region in &named {
            for (name, how) in
                [(&region.code, How::Code), (&region.name, How::Name), (&region.short_name, How::OtherName)]
            {
                candidates.entry(name).or_default().push((Fit::new(region, how), region));
            }
        }
        for (alias, region) in &aliases {
            candidates.entry(alias).or_default().push((Fit::new(region, How::OtherName), region));
        }
        Ok(keys.iter().filter_map(|key| Some((key.clone(), best(candidates.get(key.0.as_str())?)))).collect())
    }
}

/// How well a division fits a name; the least is the best. A full name goes before a short one, what is in use before
/// what was, and 吉林 is the province before it is the city.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    former: bool,
    how: How,
    level: entity::value::RegionLevel,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Code,
    Name,
    /// Short, former or familiar: these are equals, and the rank decides between them.
    OtherName,
}

impl Fit {
    const fn new(region: &region::Model, how: How) -> Self {
        Self { former: region.until.is_some(), how, level: region.level }
    }
}

fn best(candidates: &[(Fit, &Arc<region::Model>)]) -> Vec<Arc<region::Model>> {
    let Some(least) = candidates.iter().map(|(fit, _)| *fit).min() else { return Vec::new() };
    let mut regions: Vec<_> =
        candidates.iter().filter(|(fit, _)| *fit == least).map(|(_, region)| Arc::clone(region)).collect();
    regions.sort_by_key(|region| region.id);
    regions.dedup_by_key(|region| region.id);
    if least.how == How::Code {
        regions.truncate(1);
    }
    regions
}

/// The division that a code or a name means; none where it means nothing.
pub(crate) async fn find(loaders: &Loaders, name: &str) -> Result<Option<Arc<region::Model>>, Error> {
    let name = name.trim();
    let found = loaders.load_one(RegionName(name.to_owned())).await?.unwrap_or_default();
    match &found[..] {
        [] => Ok(None),
        [region] => Ok(Some(Arc::clone(region))),
        several => {
            let parents = loaders.load_many(several.iter().filter_map(|region| region.parent_id).map(RegionId)).await?;
            // 320106 南京市鼓楼区
            let in_full = |region: &Arc<region::Model>| {
                let parent = region.parent_id.and_then(|id| parents.get(&RegionId(id)));
                format!("{} {}{}", region.code, parent.map_or("", |parent| &parent.name), region.name)
            };
            Err(Error::AmbiguousRegion { name: name.to_owned(), candidates: several.iter().map(in_full).collect() })
        }
    }
}

/// The divisions that these names mean; a name that means nothing is an error.
pub(super) async fn find_all(
    loaders: &Loaders,
    names: Vec<String>,
) -> Result<HashMap<String, Arc<region::Model>>, Error> {
    try_join_all(names.into_iter().map(|name| async move {
        match find(loaders, &name).await? {
            Some(region) => Ok((name, region)),
            None => Err(Error::UnknownRegion { near: near(loaders, &name).await?, name }),
        }
    }))
    .await
    .map(|found| found.into_iter().collect())
}

/// Up to three divisions whose names begin alike.
async fn near(loaders: &Loaders, name: &str) -> Result<Vec<String>, Error> {
    let start: String = name.chars().take(2).collect();
    if start.is_empty() {
        return Ok(Vec::new());
    }
    let rows = region::Entity::find()
        .filter(text::starts_with(region::Column::Name, &start))
        .filter(region::Column::Until.is_null())
        .order_by_asc(region::Column::Id)
        .limit(3)
        .all(&loaders.loader().0)
        .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
